/// How many trials of a study are in each state.
public struct TrialCounts: Sendable, Hashable {
  public var queued = 0
  public var running = 0
  public var completed = 0
  public var pruned = 0
  public var infeasible = 0
  public var failed = 0
  public var stopped = 0
  /// Trials answered from the record of evaluations.
  public var reused = 0

  /// Makes counts of nothing.
  public init() {}

  /// The count of a state.
  public subscript(state: TrialState) -> Int {
    get {
      switch state {
      case .queued: queued
      case .running: running
      case .completed: completed
      case .pruned: pruned
      case .infeasible: infeasible
      case .failed: failed
      case .stopped: stopped
      }
    }
    set {
      switch state {
      case .queued: queued = newValue
      case .running: running = newValue
      case .completed: completed = newValue
      case .pruned: pruned = newValue
      case .infeasible: infeasible = newValue
      case .failed: failed = newValue
      case .stopped: stopped = newValue
      }
    }
  }

  /// How many trials have a number.
  public var numbered: Int { queued + running + completed + pruned + infeasible + failed + stopped }
}
