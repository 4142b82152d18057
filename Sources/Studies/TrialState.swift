/// The state of a trial.
public enum TrialState: String, Sendable, Hashable, CaseIterable {
  /// Handed out before, and waits to be tried again.
  case queued
  case running
  case completed
  case pruned
  /// The point itself cannot be used.
  case infeasible
  case failed
  /// Cut short by a person or a clock; no outcome.
  case stopped

  /// Whether the state is an outcome, final once and for all.
  public var isOutcome: Bool {
    switch self {
    case .completed, .pruned, .infeasible, .failed: true
    case .queued, .running, .stopped: false
    }
  }
}
