/// Why a study ended.
public struct StopReason: Sendable, Hashable {
  /// What ended it.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// All trials of the budget have an outcome.
    case budgetTrials = "budget_trials"
    /// The seconds of the budget are used up.
    case budgetSeconds = "budget_seconds"
    /// Every point of the space has been tried.
    case spaceExhausted = "space_exhausted"
    /// The search has found all that it looks for.
    case converged
    /// New runs have told the leaders apart, or shown that they are alike.
    case confirmed
    /// A trial has reached the objective's target.
    case target
    /// Too many trials in a row without a better best.
    case stalled
    /// A person.
    case stopped
    /// Trials that failed in a row.
    case failureLimit = "failure_limit"

    /// Whether a larger budget lets the study go on.
    public var isBudget: Bool {
      switch self {
      case .budgetTrials, .budgetSeconds: true
      case .spaceExhausted, .converged, .confirmed, .target, .stalled, .stopped, .failureLimit: false
      }
    }
  }

  public var code: Code
  /// One sentence for a person.
  public var detail: String

  /// Makes a reason.
  public init(code: Code, detail: String) {
    self.code = code
    self.detail = detail
  }
}
