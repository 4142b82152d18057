/// Why the levels of a parameter cannot say how much a trial is given.
public enum ResourceFault: Sendable, Hashable {
  /// No parameter has the name.
  case unknown
  /// Its values have no order.
  case category
  /// It is a range without a grid.
  case noLevels
  /// It has one level, so that there is nothing to give more of.
  case oneLevel
  /// It is absent from some points.
  case conditional
  /// It decides which other parameters are present.
  case deciding
}

extension ParameterSpace {
  /// What keeps a parameter from being the resource of a search that gives some points more than others; nil where nothing
  /// does: it is a number of at least two levels, and neither depends on other parameters nor decides about them.
  public func fault(ofResource name: String) -> ResourceFault? {
    guard let place = parameters.firstIndex(where: { $0.name == name }) else { return .unknown }
    if case .categories = parameters[place].domain { return .category }
    guard let count = parameters[place].domain.levelCount else { return .noLevels }
    if count < 2 { return .oneLevel }
    if decides(place) { return .deciding }
    return parameters[place].condition == nil ? nil : .conditional
  }
}
