extension ResolvedDefinition {
  /// What is measured of every trial, and the objective; in order of name.
  public var metricNames: [String] {
    let measured = ["train_accuracy", "train_loss", "validation_accuracy", "validation_loss"]
    return measured.contains(metric) ? measured : (measured + [metric]).sorted()
  }
}
