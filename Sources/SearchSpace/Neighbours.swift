/// A point one step away from another.
public struct Neighbour: Sendable, Hashable {
  /// The direction of a step along one axis.
  public enum Direction: String, Sendable, Hashable { case down, up, other }

  /// The point.
  public var point: Point
  /// The parameter that differs.
  public var axis: String
  /// Down or up one level of a number, or another category.
  public var direction: Direction
  /// The signed distance along the axis, in the parameter's unit; nil between categories. Levels need not be even.
  public var spacing: Double?
}

extension ParameterSpace {
  /// The neighbours of a point on the grid, in poll order.
  ///
  /// Parameters in order; of a number one level down, then one up (at an end only the one there is); of a category every
  /// other in order. A parameter that becomes present by the step takes its first level, one that becomes absent is
  /// dropped. O(sum of the categories + number of parameters).
  public func neighbours(of point: Point) -> [Neighbour] {
    var found: [Neighbour] = []
    for (place, parameter) in parameters.enumerated() {
      guard let value = point[parameter.name], let level = parameter.domain.index(of: value),
        let count = parameter.domain.levelCount
      else { continue }
      if case .categories = parameter.domain {
        for other in 0..<count where other != level {
          found.append(step(from: point, along: place, to: other, .other))
        }
      } else {
        if level > 0 { found.append(step(from: point, along: place, to: level - 1, .down)) }
        if level + 1 < count { found.append(step(from: point, along: place, to: level + 1, .up)) }
      }
    }
    return found
  }

  private func step(
    from point: Point, along place: Int, to level: UInt64, _ direction: Neighbour.Direction
  ) -> Neighbour {
    let parameter = parameters[place]
    let value = parameter.domain.level(at: level)
    var moved = point
    moved[parameter.name] = value
    if !children[place].isEmpty {
      moved = self.point { moved[parameters[$0].name] ?? parameters[$0].domain.level(at: 0) }
    }
    let spacing = point[parameter.name]?.number.flatMap { old in value.number.map { $0 - old } }
    return Neighbour(
      point: moved, axis: parameter.name, direction: direction, spacing: direction == .other ? nil : spacing)
  }
}
