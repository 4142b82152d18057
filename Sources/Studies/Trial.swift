import Foundation
import SearchAlgorithms
import SearchSpace
import StudyDefinitions

/// A trial as it is stored, without its curve.
public struct Trial: Sendable, Hashable {
  /// The study it belongs to.
  public var study: UUID
  /// From 1, without a hole.
  public var number: Int
  /// Which repetition of the point it is, from 0.
  public var replicate: Int
  public var state: TrialState
  /// The values tried.
  public var point: Point
  /// The objective; nil without a completed outcome.
  public var value: Double?
  /// The objective for each repeat and fold, the folds of a repeat after one another.
  public var scores: [Double]
  /// The metrics at the last iteration, by name.
  public var metrics: [String: Double]
  /// Why it was tried.
  public var origin: Origin
  /// The last trial whose outcome the suggestion may depend on.
  public var horizon: Int
  /// The version of the algorithm that suggested it.
  public var algorithmVersion: Int
  /// How often it was handed out, from 1.
  public var attempt: Int
  /// How many failures of a class that is tried again it had.
  public var failures: Int
  /// How many leases in a row ran out on it.
  public var expiredLeases = 0
  /// Starts of the service that found it running since the study's last outcome.
  public var crashes: Int
  /// Who runs or ran it.
  public var worker: String?
  /// Why it is infeasible or failed.
  public var error: String?
  /// The value that a pruned trial was judged by.
  public var prunedValue: Double?
  /// The step of that value.
  public var prunedAtStep: Int?
  /// When the lease that it runs under runs out, as it was last stored; nil where it runs under none that does.
  public var leaseExpiresAt: Date?
  /// When the holder of that lease was last heard of, as it was last stored.
  public var lastHeartbeatAt: Date?
  /// The class of a failure.
  public var failureClass: FailureClass?
  /// The study and trial whose evaluation answered it.
  public var reusedFrom: String?
  public var createdAt: Date
  public var startedAt: Date?
  public var finishedAt: Date?
  /// Seconds of training.
  public var computeSeconds: Double?
  /// Seconds of the trainings that other studies have paid for; nil where that was not recorded.
  public var sharedSeconds: Double?

  /// Makes a trial that is handed out for the first time.
  public init(
    study: UUID, number: Int, suggestion: Suggestion, algorithmVersion: Int, worker: String, at now: Date
  ) {
    self.study = study
    self.number = number
    replicate = suggestion.replicate
    state = .running
    point = suggestion.point
    value = nil
    scores = []
    metrics = [:]
    origin = suggestion.origin
    horizon = suggestion.horizon
    self.algorithmVersion = algorithmVersion
    attempt = 1
    failures = 0
    crashes = 0
    self.worker = worker
    error = nil
    failureClass = nil
    reusedFrom = nil
    createdAt = now
    startedAt = now
    finishedAt = nil
    computeSeconds = nil
  }

  /// Seconds from its last start to its end, by a clock that nobody sets; nil before.
  public var durationSeconds: Double? {
    guard let startedAt, let finishedAt else { return nil }
    // Both are whole milliseconds, and so is what lies between; a difference of doubles is not.
    return max(0, (finishedAt.timeIntervalSince(startedAt) * 1000).rounded() / 1000)
  }

  /// The suggestion that the trial was made from.
  public var suggestion: Suggestion {
    Suggestion(point: point, replicate: replicate, horizon: horizon, origin: origin)
  }

  /// The outcome as the algorithm sees it, which is a function of what is stored alone; nil while there is none.
  public func observed(_ tieBreak: TieBreak?) -> ObservedOutcome? {
    switch state {
    case .completed: value.map { .completed(value: $0, tieBreak: tieBreak?.value(of: metrics)) }
    case .pruned: .pruned(value: prunedValue, at: prunedAtStep)
    case .infeasible: .infeasible
    case .failed: .failed
    case .queued, .running, .stopped: nil
    }
  }
}
