/// What a failure was caused by.
public enum FailureClass: String, Sendable, Hashable, CaseIterable {
  case error
  case outOfMemory = "out_of_memory"
  case io
  case lost
  /// It took longer than `budget.trial_seconds`.
  case time

  /// Whether the trial is not to blame, so that it is tried again.
  public var isTriedAgain: Bool {
    switch self {
    case .outOfMemory, .io, .lost: true
    case .error, .time: false
    }
  }
}
