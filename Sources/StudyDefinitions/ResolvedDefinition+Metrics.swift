extension ResolvedDefinition {
  /// What is measured of every trial of a built-in model, in order of name.
  static let measuredNames = ["train_accuracy", "train_loss", "validation_accuracy", "validation_loss"]

  /// What is measured of every trial, the objective, and what callers told of beside them; in order of name.
  public func metricNames(told: [String] = []) -> [String] {
    let own = isExternal ? [metric, tieBreak?.metric].compactMap { $0 } : Self.measuredNames + [metric]
    return Set(own + told).sorted()
  }

  /// What decides between equal values in `best`: the study's own tie-break, else the validation loss.
  public var tieBreakOfBest: TieBreak { tieBreak ?? .validationLoss }
}
