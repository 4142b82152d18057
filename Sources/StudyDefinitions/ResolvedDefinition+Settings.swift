import SearchSpace

extension ResolvedDefinition {
  /// Every setting of the model at a point: constants and the point's values together, those of its blocks by the
  /// model's naming rules.
  public func settings(for point: Point, repeated: [RepeatedSettings]) -> [String: ParameterValue] {
    repeated.placed(mostBlocks).reduce(constants.merging(point.values) { $1 }) { settings, repeated in
      repeated.expanded(settings)
    }
  }

  /// The values that each setting of the model may have: of a number that is tuned its ends, of a category all.
  func choices(repeated: [RepeatedSettings]) -> [String: [ParameterValue]] {
    var choices = constants.mapValues { [$0] }
    for parameter in space.parameters { choices[parameter.name] = parameter.domain.ends }
    return choices
  }

  /// How many blocks there are at most, by the setting that counts them.
  private func mostBlocks(_ count: String) -> Int? {
    if case .integer(let blocks)? = constants[count] { return blocks }
    return space.parameters.first { $0.name == count }?.domain.integerEnds?.upperBound
  }
}
