extension ResolvedDefinition {
  /// What is measured of every trial of a built-in model, in order of name.
  static let measuredNames = ["train_accuracy", "train_loss", "validation_accuracy", "validation_loss"]

  /// What is measured of every trial, and the objective; in order of name.
  public var metricNames: [String] {
    Self.measuredNames.contains(metric) ? Self.measuredNames : (Self.measuredNames + [metric]).sorted()
  }

  /// What decides between equal values in `best`: the study's own tie-break, else the validation loss.
  public var tieBreakOfBest: TieBreak { tieBreak ?? .validationLoss }
}
