/// What a search is scored on, as a definition says it; the numbers are shares of the first part.
public enum SplitDefinition: Sendable, Hashable {
  /// Trained on the first part, scored on the data set's own second part.
  case second
  /// The older word for `second`.
  case test
  /// A stratified share held out, and perhaps a last share that the search never sees.
  case holdout(Double, test: Double?)
  /// Stratified folds.
  case folds(Int)

  /// Whether the search is scored on the data set's own second part.
  public var usesSecondPart: Bool { self == .second || self == .test }

  /// Whether the split itself keeps a last part from the search.
  public var hasTestPart: Bool {
    if case .holdout(_, _?) = self { return true }
    return false
  }

  /// How many trainings score a repeat.
  public var folds: Int {
    if case .folds(let count) = self { return count }
    return 1
  }
}

/// What the best points are scored on when a study has ended, and its search never sees.
public enum FinalPart: Sendable, Hashable {
  /// The data set's own second part.
  case second
  /// A share of the first part, set aside before the split.
  case share(Double)
}

/// Which examples train and which score: a split, and the share that is set aside before it.
public struct TrainingSplit: Sendable, Hashable {
  /// The split; never `second`, which is `test` here, and without a last part of its own.
  public let split: SplitDefinition
  /// The share of the first part that nothing trains on and no trial is scored on.
  public let setAside: Double?

  /// Brings a definition's words into one form.
  public init(_ split: SplitDefinition, final: FinalPart? = nil) {
    var share: Double?
    if case .share(let given)? = final { share = given }
    switch split {
    case .second, .test: self.split = .test
    case .holdout(let held, let test):
      self.split = .holdout(held, test: nil)
      share = share ?? test
    case .folds: self.split = split
    }
    setAside = share
  }
}

/// The examples that a trial is scored on, by each of its repeats.
public struct ScoredPart: Sendable, Hashable {
  /// How many there are, over all folds.
  public var examples: Int
  /// The class that most of them have.
  public var mostFrequentClass: String
  /// How many have it: what one answer for all gets right.
  public var mostFrequent: Int

  /// Makes one.
  public init(examples: Int, mostFrequentClass: String, mostFrequent: Int) {
    self.examples = examples
    self.mostFrequentClass = mostFrequentClass
    self.mostFrequent = mostFrequent
  }
}
