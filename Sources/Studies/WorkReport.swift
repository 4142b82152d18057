/// What a worker reports of one trial.
public enum TrialReport: Sendable, Hashable {
  /// It ran to the end, or was answered from the record, which `reusedFrom` then names.
  case completed(
    scores: [Double], metrics: [String: Double], curve: LearningCurve, computeSeconds: Double, reusedFrom: String? = nil
  )
  /// A rule ended it early: the step and the value that were judged, and what there was up to that step.
  case pruned(
    step: Int, value: Double, metrics: [String: Double], curve: LearningCurve, computeSeconds: Double,
    reusedFrom: String? = nil
  )
  /// The point cannot be used (`diverged`, …).
  case infeasible(reason: String, computeSeconds: Double, reusedFrom: String? = nil)
  /// Trying failed.
  case failed(message: String, class: FailureClass)
  /// It was handed back without a result (cancelled, shutting down).
  case returned

  /// Its share of training, in seconds.
  public var computeSeconds: Double {
    switch self {
    case .completed(_, _, _, let seconds, _), .pruned(_, _, _, _, let seconds, _),
      .infeasible(_, let seconds, _):
      seconds
    case .failed, .returned: 0
    }
  }

  /// Where in the record it comes from.
  var reusedFrom: String? {
    switch self {
    case .completed(_, _, _, _, let origin), .pruned(_, _, _, _, _, let origin),
      .infeasible(_, _, let origin):
      origin
    case .failed, .returned: nil
    }
  }
}

/// What a worker reports of its work: of every trial what became of it, and what the record is to keep.
public struct WorkReport: Sendable, Hashable {
  /// By number.
  public var trials: [Int: TrialReport]
  /// Trainings that the record did not have.
  public var evaluations: [RecordedEvaluation]
  /// For how many seconds each trial kept the worker busy; of one that is not there, since its start.
  public var seconds: [Int: Double]
  /// What the evaluations took that other studies have paid for, in seconds, of trials that have such.
  public var shared: [Int: Double] = [:]
  /// What became of a model, where the work was one.
  public var model: ModelReport?

  /// Makes a report.
  public init(
    trials: [Int: TrialReport] = [:], evaluations: [RecordedEvaluation] = [], seconds: [Int: Double] = [:],
    model: ModelReport? = nil
  ) {
    self.trials = trials
    self.evaluations = evaluations
    self.seconds = seconds
    self.model = model
  }
}
