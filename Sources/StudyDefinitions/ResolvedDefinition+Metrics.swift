extension ResolvedDefinition {
  /// What is measured of every trial of a built-in model, in order of name.
  static let measuredNames = ["train_accuracy", "train_loss", "validation_accuracy", "validation_loss"]

  /// What is measured of every trial, the objective, and what callers or a table told of beside them; in order of name.
  public func metricNames(told: [String] = []) -> [String] {
    let own = isTrained ? Self.measuredNames + [metric] : [metric, tieBreak?.metric].compactMap { $0 }
    return Set(own + told).sorted()
  }

  /// What decides between equal values in `best`: the study's own tie-break, else the validation loss.
  public var tieBreakOfBest: TieBreak { tieBreak ?? .validationLoss }
}
