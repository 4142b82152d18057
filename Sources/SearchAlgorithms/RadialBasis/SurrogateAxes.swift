import SearchSpace

/// The axes of a space as coordinates along which a surrogate measures distances.
///
/// A number is its rank as a share of its axis, less ½. A category is a corner of a simplex: two of them are `apart`. Where
/// there are over `mostCorners`, each has that many signs instead, of which half differ on average. A parameter that may be
/// absent has one coordinate more, which tells that; its own are 0 then.
struct SurrogateAxes: Sendable {
  /// The coordinates of one parameter.
  private struct Axis: Sendable {
    /// Its place among the space's parameters.
    let place: Int
    let isCategory: Bool
    /// The highest rank.
    let last: Double
    /// The first of its coordinates.
    let first: Int
    /// The coordinate that tells of absence; nil where it is always present.
    let absence: Int?
  }

  /// The most coordinates of a category.
  static let mostCorners = 16
  /// The distance of two categories, where that of the ends of a numeric axis is 1.
  static let apart = 0.5

  private let axes: [Axis]
  /// How many coordinates a point has.
  let dimension: Int

  /// The coordinates of a space.
  init(_ ranked: AxisRanks) {
    var axes: [Axis] = []
    var next = 0
    for (place, axis) in ranked.axes.enumerated() where axis.last > 0 || axis.parent != nil {
      let first = next
      next += axis.last == 0 ? 0 : axis.isCategory ? min(Int(axis.count), Self.mostCorners) : 1
      let absence = axis.parent == nil ? nil : next
      if absence != nil { next += 1 }
      axes.append(
        Axis(place: place, isCategory: axis.isCategory, last: axis.last, first: first, absence: absence))
    }
    self.axes = axes
    dimension = next
  }

  /// The coordinates of the ranks of all parameters.
  func coordinates(of ranks: some RandomAccessCollection<Double>) -> [Double] {
    var coordinates = [Double](repeating: 0, count: dimension)
    for axis in axes {
      let rank = ranks[ranks.index(ranks.startIndex, offsetBy: axis.place)]
      if rank < 0 {
        if let absence = axis.absence { coordinates[absence] = Self.apart }
      } else if axis.last > 0 {
        set(axis, rank, in: &coordinates)
      }
    }
    return coordinates
  }

  private func set(_ axis: Axis, _ rank: Double, in coordinates: inout [Double]) {
    if !axis.isCategory {
      coordinates[axis.first] = rank / axis.last - 0.5
    } else if axis.last < Double(Self.mostCorners) {
      coordinates[axis.first + Int(rank)] = Self.apart * 0.5.squareRoot()
    } else {
      // Half of the signs differ, each by 2a: 4a² · mostCorners / 2 = apart².
      let size = Self.apart / (2 * Double(Self.mostCorners)).squareRoot()
      let word = KeyedGenerator(seed: 0, key: [UInt64(rank)]).integer(at: 0)
      for sign in 0..<Self.mostCorners {
        coordinates[axis.first + sign] = word >> UInt64(sign) & 1 == 1 ? size : -size
      }
    }
  }
}
