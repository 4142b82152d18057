import Foundation
import SearchSpace
import StudyDefinitions

/// One trial as a worker is handed it.
public struct TrialAssignment: Sendable {
  /// The lease it runs under.
  public var lease: Lease
  public var study: UUID
  public var studyName: String
  public var number: Int
  public var replicate: Int
  public var attempt: Int
  public var definition: ResolvedDefinition
  public var point: Point
  /// Set when the result is not wanted any more.
  public var cancellation: CancellationFlag
}

/// A point that an idle worker evaluates before anybody has asked for it: its result goes to the record alone.
public struct AheadAssignment: Sendable {
  public var study: UUID
  public var studyName: String
  public var definition: ResolvedDefinition
  public var point: Point
  public var replicate: Int
  /// Set when the worker has something better to do.
  public var cancellation: CancellationFlag
}

/// A model of a completed trial that is to be trained again, the same as before, to be kept.
public struct ModelAssignment: Sendable {
  public var study: UUID
  public var studyName: String
  public var definition: ResolvedDefinition
  public var number: Int
  public var replicate: Int
  public var point: Point
  /// Which of the trial's repeats, from 0; it gives the models of all folds.
  public var repetition: Int
  /// Whether a score on what the search never sees waits for it.
  public var isScored = false
  /// Set when the worker has something better to do.
  public var cancellation: CancellationFlag
}

/// What became of a model.
public enum ModelReport: Sendable, Hashable {
  /// It was trained, and stands on the shelf.
  case kept
  /// It cannot be trained or kept; a sentence.
  case failed(String)
  /// It was handed back untrained (cancelled, shutting down).
  case returned
}

/// What a worker is handed.
public enum Work: Sendable {
  /// Trials of one study, at least one; those that differ in nothing but where the training ends follow one another.
  case trials([TrialAssignment])
  /// A point likely to be asked for.
  case ahead(AheadAssignment)
  /// A model that somebody wants.
  case model(ModelAssignment)

  /// The study it belongs to.
  public var study: UUID {
    switch self {
    case .trials(let trials): trials[0].study
    case .ahead(let ahead): ahead.study
    case .model(let model): model.study
    }
  }

  /// The study's definition.
  public var definition: ResolvedDefinition {
    switch self {
    case .trials(let trials): trials[0].definition
    case .ahead(let ahead): ahead.definition
    case .model(let model): model.definition
    }
  }
}

/// What a worker reports of one trial.
public enum TrialReport: Sendable, Hashable {
  /// It ran to the end, or was answered from the record, which `reusedFrom` then names.
  case completed(
    scores: [Double], metrics: [String: Double], curve: LearningCurve, computeSeconds: Double, reusedFrom: String? = nil
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
    case .completed(_, _, _, let seconds, _), .infeasible(_, let seconds, _): seconds
    case .failed, .returned: 0
    }
  }

  /// Where in the record it comes from.
  var reusedFrom: String? {
    switch self {
    case .completed(_, _, _, _, let origin), .infeasible(_, _, let origin): origin
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

/// Tells running work that its result is not wanted any more.
///
/// `@unchecked Sendable`: the one variable is read and written under the lock alone.
public final class CancellationFlag: @unchecked Sendable {
  private let lock = NSLock()
  private var cancelled = false

  /// Makes a flag that is not set.
  public init() {}

  /// Whether it was set.
  public var isSet: Bool { lock.withLock { cancelled } }

  /// Sets it for good.
  public func set() { lock.withLock { cancelled = true } }
}
