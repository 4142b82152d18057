import SearchSpace

extension ResolvedDefinition {
  /// Every setting of the model at a point: constants and the point's values together, those of its blocks by the
  /// model's naming rules.
  public func settings(for point: Point, repeated: [RepeatedSettings]) -> [String: ParameterValue] {
    repeated.reduce(constants.merging(point.values) { $1 }) { settings, repeated in repeated.expanded(settings) }
  }
}
