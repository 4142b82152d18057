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
