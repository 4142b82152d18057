extension DatasetSource {
  /// What finds out whether the files are good, away from this process; nil for a built-in one.
  func examination(_ limits: DatasetLimits) -> DatasetExamination? {
    guard let format else { return nil }
    return DatasetExamination(
      name: name, format: format.name, scaling: scaling, files: files, limits: limits, rules: rules)
  }
}
