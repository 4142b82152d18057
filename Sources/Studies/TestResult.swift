/// What a trial's networks score on the part of the examples that the search never sees.
public enum TestResult: Sendable, Hashable {
  /// Nothing: there is no such part, the trial is not one of those that are scored on it, or its model cannot be trained.
  case none
  /// It is still to be scored.
  case pending
  /// The mean over repeats and folds.
  case scored(TestScore)

  /// Its name in answers.
  public var name: String {
    switch self {
    case .none: "none"
    case .pending: "pending"
    case .scored: "scored"
    }
  }

  /// The score; nil where there is none, or none yet.
  public var score: TestScore? { if case .scored(let score) = self { score } else { nil } }
}
