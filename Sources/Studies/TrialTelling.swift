import JSONText

/// What a caller says became of one trial.
public struct TrialTelling: Sendable, Hashable {
  public var number: Int
  public var outcome: ToldOutcome
  /// Where the body has the metrics.
  public var pointer: JSONPointer

  /// Makes one.
  public init(_ outcome: ToldOutcome, of number: Int, at pointer: JSONPointer) {
    self.number = number
    self.outcome = outcome
    self.pointer = pointer
  }
}

/// What came of that.
public enum TellingResult: Sendable {
  /// The trial as it is now.
  case taken(Trial)
  /// The trial had an outcome before.
  case hasOutcome
  /// It was not taken.
  case refused(StudyError)
}

/// What a caller is answered who has told of trials.
public struct ToldTrials: Sendable {
  /// For each that was told of, the trial as it is now, or why it was not taken.
  public var results: [Result<Trial, StudyError>]
  /// The next trials, where they were asked for.
  public var next: HandedTrials?
  /// The study that they belong to.
  public var study: Study
}
