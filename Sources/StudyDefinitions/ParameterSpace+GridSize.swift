import SearchSpace

extension ParameterSpace {
  /// How many points the grid has, `Int.max` where that is more; nil where a range has no grid.
  ///
  /// With a tuned `layers` it is the sum over its values of the product of the parameters present there.
  public var saturatedGridSize: Int? {
    guard let layers = parameters.first(where: { $0.name == "layers" }),
      parameters.contains(where: { $0.presentFromLayers != nil })
    else { return Self.product(parameters) }
    guard let counts = layers.domain.listedIntegers else { return nil }
    let others = parameters.filter { $0.name != "layers" }
    var sum = 0
    for count in counts {
      guard let size = Self.product(others.filter { ($0.presentFromLayers ?? 0) <= count }) else { return nil }
      let (total, overflow) = sum.addingReportingOverflow(size)
      if overflow { return Int.max }
      sum = total
    }
    return sum
  }

  private static func product(_ parameters: [Parameter]) -> Int? {
    var product = 1
    for parameter in parameters {
      guard let levels = parameter.domain.levelCount else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: levels)
      product = overflow ? Int.max : next
    }
    return product
  }
}

extension Parameter.Domain {
  /// How many levels or categories there are; nil for a range without a grid.
  fileprivate var levelCount: Int? {
    switch self {
    case .levels(let values), .categories(let values): values.count
    case .integerRange(let minimum, let maximum, _): maximum - minimum + 1
    case .realRange: nil
    }
  }

  /// The integers of a short domain (`layers`), in order; nil where it has other values.
  var listedIntegers: [Int]? {
    switch self {
    case .levels(let values):
      return values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    case .integerRange(let minimum, let maximum, _): return Array(minimum...maximum)
    case .categories, .realRange: return nil
    }
  }
}
