/// Points as vectors of coordinates from 0 to 1, as searches that measure distances or fit surfaces want them.
///
/// A number has one coordinate: of a range its place in the range's scale, of listed levels its index, since a list says by
/// itself how its levels are spaced. A category has one coordinate for each of its values, 1 for its own and 0 for the
/// others. What is absent from a point has one fixed place: ½ for a number, 0 for each category.
public struct UnitCube: Sendable {
  /// The space whose points these are.
  public let space: ParameterSpace
  /// How many coordinates a point has.
  public let dimension: Int
  /// By place of a parameter: its first coordinate.
  private let starts: [Int]

  /// The cube of a space.
  public init(_ space: ParameterSpace) {
    var starts: [Int] = []
    var dimension = 0
    for parameter in space.parameters {
      starts.append(dimension)
      dimension += parameter.domain.coordinateCount
    }
    self.space = space
    self.dimension = dimension
    self.starts = starts
  }

  /// The coordinates of a point, parameters in order. O(dimension).
  public func coordinates(of point: Point) -> [Double] {
    space.parameters.flatMap { parameter -> [Double] in
      guard let value = point[parameter.name] else {
        if case .categories(let values) = parameter.domain { return values.map { _ in 0 } }
        return [0.5]
      }
      if case .categories(let values) = parameter.domain { return values.map { $0 == value ? 1 : 0 } }
      return [parameter.domain.coordinate(of: value)]
    }
  }

  /// The point nearest to some coordinates: the nearest level, the category with the largest coordinate (of equal ones the
  /// first). Coordinates of what is absent there, and whatever lies outside 0 to 1, are taken to the nearest that means
  /// something. The coordinates of a point of the grid give that point.
  public func point(at coordinates: [Double]) -> Point {
    precondition(coordinates.count == dimension, "a point has \(dimension) coordinates")
    return space.point { place in
      let domain = space.parameters[place].domain
      let start = starts[place]
      guard case .categories(let values) = domain else { return domain.value(at: coordinates[start]) }
      let own = coordinates[start..<start + values.count]
      let largest = own.indices.dropFirst().reduce(start) { own[$1] > own[$0] ? $1 : $0 }
      return values[largest - start]
    }
  }
}

extension Parameter.Domain {
  fileprivate var coordinateCount: Int {
    if case .categories(let values) = self { values.count } else { 1 }
  }

  /// Where a number lies between the ends; ½ where there is one value alone, or this is none of them.
  fileprivate func coordinate(of value: ParameterValue) -> Double {
    if case .levels(let values) = self {
      guard let index = index(of: value), values.count > 1 else { return 0.5 }
      return Double(index) / Double(values.count - 1)
    }
    guard let (low, high, isLog) = ends, low < high, let number = value.number else { return 0.5 }
    let place = ((isLog ? PortableMath.log(number) : number) - low) / (high - low)
    return min(max(place, 0), 1)
  }

  /// The number at a place between the ends.
  fileprivate func value(at place: Double) -> ParameterValue {
    let place = place.isNaN ? 0.5 : min(max(place, 0), 1)
    if case .levels(let values) = self { return values[Int((place * Double(values.count - 1)).rounded())] }
    guard let (low, high, isLog) = ends else { preconditionFailure("categories have no place") }
    let between = low * (1 - place) + high * place
    let number = isLog ? PortableMath.exp(between) : between
    switch self {
    case .integerRange(let minimum, let maximum, _): return .integer(min(max(Int(number.rounded()), minimum), maximum))
    case .realRange(let minimum, let maximum, _): return .real(min(max(number, minimum), maximum))
    case .levels, .categories: preconditionFailure("only ranges have ends")
    }
  }

  /// The ends of a range in its scale.
  private var ends: (low: Double, high: Double, isLog: Bool)? {
    let (minimum, maximum, scale): (Double, Double, Parameter.Scale)
    switch self {
    case .integerRange(let low, let high, let own): (minimum, maximum, scale) = (Double(low), Double(high), own)
    case .realRange(let low, let high, let own): (minimum, maximum, scale) = (low, high, own)
    case .levels, .categories: return nil
    }
    return scale == .log
      ? (PortableMath.log(minimum), PortableMath.log(maximum), true) : (minimum, maximum, false)
  }
}
