import Foundation
import Promises
import SearchSpace
import StudyDefinitions

/// What a caller asks for: trials to run.
public struct TrialRequest: Sendable, Hashable {
  /// Who will run them.
  public var worker: String
  /// How many at most, from 1.
  public var count: Int
  /// How long each lease lasts where nobody renews it.
  public var leaseSeconds: Double
  /// How long to wait until there is at least one.
  public var waitSeconds: Double
  /// The numbers of the trials that the worker is still busy with.
  public var holding: Set<Int>

  /// Makes a request.
  public init(
    worker: String, count: Int = 1, leaseSeconds: Double = 60, waitSeconds: Double = 0, holding: Set<Int> = []
  ) {
    self.worker = worker
    self.count = count
    self.leaseSeconds = leaseSeconds
    self.waitSeconds = waitSeconds
    self.holding = holding
  }
}

/// A trial with the lease that a caller holds it under.
public struct HeldTrial: Sendable, Hashable {
  public var trial: Trial
  public var lease: Lease
}

/// What a caller is handed.
public struct HandedTrials: Sendable {
  /// As many as were asked for, or fewer.
  public var trials: [HeldTrial]
  /// The study that they belong to.
  public var study: Study
  /// Why there are no more; nil where there are as many as were asked for, and where the study has ended.
  public var waitingFor: WaitingFor?

  /// Whether there is nothing now, and may be later.
  var mayCome: Bool { trials.isEmpty && !study.state.isFinished }
}

/// Callers who wait for trials, with what answers them.
typealias CallerLine = WaitingLine<TrialRequest, Result<Snapshot<HandedTrials>, StudyError>>

/// What a caller says became of a trial.
public enum ToldOutcome: Sendable, Hashable {
  /// It ran to the end, with these metrics.
  case metrics([String: Double])
  /// The point cannot be used.
  case infeasible(reason: String)
  /// Trying failed, under this lease.
  case failure(message: String, class: FailureClass, lease: UUID)
}

/// What a caller is told who reports that it still runs a trial.
public struct LeaseAnswer: Sendable, Hashable {
  /// Why a caller shall stop.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// It did badly.
    case pruned
    /// The study has ended.
    case stopped
    /// The study was deleted.
    case deleted
  }

  /// Why the caller shall stop; nil where it shall go on.
  public var reason: Reason?
  /// When the lease runs out unless it is renewed; nil where there is none any more.
  public var expiresAt: Date?

  /// Makes an answer.
  public init(reason: Reason? = nil, expiresAt: Date? = nil) {
    self.reason = reason
    self.expiresAt = expiresAt
  }
}

extension ResolvedDefinition {
  /// What callers draw from in a run of a point: the same for all points of one replicate, another for each replicate.
  /// Below 2³¹, which every generator takes.
  public func callerSeed(replicate: Int) -> Int {
    let generator = KeyedGenerator(seed: UInt64(bitPattern: Int64(trainingSeed)), key: [UInt64(replicate)])
    return Int(generator.integer(at: 0) >> 33)
  }
}
