import SearchSpace

/// The rungs of a search that gives good points more: levels of one parameter, ascending. A point without that parameter is
/// a configuration.
struct RungLadder: Sendable {
  /// Up to this many levels, each is a rung.
  static let mostLevels: UInt64 = 10

  /// The parameter's name.
  let resource: String
  /// What each rung gives, ascending.
  let levels: [ParameterValue]
  /// The other parameters.
  let configurations: ParameterSpace

  /// The rungs of a space: every level of the resource where there are at most ten. Of more, the highest, R, and for
  /// R/η, R/η², … the lowest level that is at least that much, down to the lowest of all.
  init(_ space: ParameterSpace, resource: String, eta: Int) {
    guard let parameter = space.parameters.first(where: { $0.name == resource }),
      let count = parameter.domain.levelCount
    else { preconditionFailure("a resource without levels was let through") }
    self.resource = resource
    configurations = ParameterSpace(space.parameters.filter { $0.name != resource })
    func amount(_ index: UInt64) -> Double { parameter.domain.level(at: index).number ?? 0 }
    var places = Array(0..<min(count, Self.mostLevels))
    if count > Self.mostLevels, amount(count - 1) > 0 {
      places = [count - 1]
      var wanted = amount(count - 1) / Double(eta)
      while let last = places.last, last > 0, wanted >= amount(0), wanted > 0 {
        // The lowest level of at least `wanted`, by halving what lies below the last one.
        var (low, high) = (UInt64(0), last)
        while low < high {
          let middle = low + (high - low) / 2
          if amount(middle) < wanted { low = middle + 1 } else { high = middle }
        }
        // Where levels are far apart, one serves several fractions.
        if low < last { places.append(low) }
        wanted /= Double(eta)
      }
      places.reverse()
    } else if count > Self.mostLevels {
      places = (count - Self.mostLevels..<count).map { $0 }
    }
    levels = places.map(parameter.domain.level(at:))
  }

  /// A configuration on a rung; any rung that it is on already is left.
  func point(_ configuration: Point, on rung: Int) -> Point {
    var point = configuration
    point[resource] = levels[rung]
    return point
  }
}
