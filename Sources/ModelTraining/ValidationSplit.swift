/// How a trial is scored: which examples train and which score.
public enum ValidationSplit: Sendable, Hashable {
  /// Trained on the first part, scored on the data set's own second part.
  case test
  /// Trained on the first part without a share that nothing sees, scored on the second part.
  case testSettingAside(Double)
  /// A stratified share of the first part is held out; `test`, if any, a last share that the search never sees.
  case holdout(Double, test: Double?)
  /// Stratified folds of the first part, each scored by a training on the others; `test`, if any, a share that is set
  /// aside before and that the search never sees.
  case folds(Int, test: Double? = nil)
}

extension ValidationSplit {
  /// How many trainings an evaluation consists of, and about how many examples of a first part of `count` each trains on.
  func trained(of count: Int) -> (examples: Double, trainings: Int) {
    let examples = Double(count)
    return switch self {
    case .test: (examples, 1)
    case .testSettingAside(let share): (examples * (1 - share), 1)
    case .holdout(let share, let test): (examples * (1 - share - (test ?? 0)), 1)
    case .folds(let count, let test): (examples * (1 - (test ?? 0)) * (1 - 1 / Double(count)), count)
    }
  }
}
