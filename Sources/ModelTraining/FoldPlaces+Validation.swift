extension EvaluationRequest {
  /// Of each fold the examples that score it, by their places among all: the first part's, then the second's. Settings and
  /// stream decide nothing of it.
  public func validationPlaces() throws -> [[Int]] { try FoldPlaces.of(self).map(\.validation) }
}
