import SearchSpace

/// A point as ranks: by axis the rank of its level from 0, of a category its place, −1 where the parameter is absent.
///
/// A rank between two integers is a number between two levels, as a point from outside the grid may have it.
struct RankedPoint: Hashable, Sendable {
  /// The rank of what is absent.
  static let absent = -1.0

  /// By place of a parameter: its rank.
  var ranks: [Double]

  /// Makes a point of ranks.
  init(_ ranks: [Double]) { self.ranks = ranks }

  /// The rank at a place.
  subscript(place: Int) -> Double {
    get { ranks[place] }
    set { ranks[place] = newValue }
  }
}

/// The axes of a space as searches that learn see them: numbers by the ranks of their levels, not by their values, and
/// categories by equality alone.
///
/// A range without a grid has 2²⁴ + 1 levels, even in its scale.
struct AxisRanks: Sendable {
  /// One parameter.
  struct Axis: Sendable {
    /// The parameter.
    let parameter: Parameter
    /// Whether its values are only equal or different.
    let isCategory: Bool
    /// Whether it is a range without a grid.
    let isContinuous: Bool
    /// The highest rank: the number of levels − 1. An axis of one level says nothing about a point.
    let last: Double
    /// The place of the parameter that decides whether it is present; nil where it always is.
    let parent: Int?

    /// Whether its levels have an order, and there are at least two.
    var isOrdered: Bool { !isCategory && last > 0 }
    /// How many levels it has.
    var count: Double { last + 1 }
  }

  /// The highest rank of a range without a grid.
  static let finest = 0x1p24

  /// The space.
  let space: ParameterSpace
  /// By place of the parameter.
  let axes: [Axis]
  /// The grid; nil where a range has none.
  let grid: Grid?
  /// How many points the grid has; nil where a range has none, and above 2⁶².
  let pointCount: UInt64?
  /// Whether some points lack a parameter.
  private let isConditional: Bool

  /// The axes of a space.
  init(_ space: ParameterSpace) {
    self.space = space
    let places = Dictionary(space.parameters.enumerated().map { ($1.name, $0) }) { first, _ in first }
    axes = space.parameters.map { parameter in
      var isCategory = false
      if case .categories = parameter.domain { isCategory = true }
      let count = parameter.domain.levelCount
      return Axis(
        parameter: parameter, isCategory: isCategory, isContinuous: count == nil,
        last: count.map { Double($0 - 1) } ?? Self.finest, parent: parameter.condition.flatMap { places[$0.parameter] })
    }
    isConditional = axes.contains { $0.parent != nil }
    grid = Grid(space)
    pointCount = grid.flatMap { !$0.isSaturated && $0.count <= 1 << 62 ? $0.count : nil }
  }

  /// How many axes there are.
  var count: Int { axes.count }

  /// The ranks of a point. O(axes · log levels).
  func ranks(of point: Point) -> RankedPoint {
    RankedPoint(axes.map { axis in point[axis.parameter.name].map { rank(of: $0, on: axis) } ?? RankedPoint.absent })
  }

  /// The point of ranks that are integers; what is absent, or has no level there, is left out.
  func point(of ranked: RankedPoint) -> Point {
    var point = Point()
    for (place, axis) in axes.enumerated() where ranked[place] >= 0 {
      point[axis.parameter.name] = value(ranked[place], on: axis)
    }
    return point
  }

  /// 128 bits that tell points apart: those of the ranks, and of a range without a grid those of its value.
  func fingerprint(of ranked: RankedPoint) -> PointFingerprint {
    PointFingerprint(
      words: axes.indices.lazy.map { place in
        let (axis, rank) = (axes[place], ranked[place])
        guard axis.isContinuous, rank >= 0 else { return (rank + 0).bitPattern }
        return (value(rank, on: axis).number ?? 0).bitPattern
      })
  }

  /// Ranks chosen axis by axis, those that decide about others first; what is absent then is not asked for.
  func point(rankedBy rank: (_ place: Int) -> Double) -> RankedPoint {
    var point = RankedPoint([Double](repeating: RankedPoint.absent, count: count))
    for place in space.order where isPresent(place, in: point) { point[place] = rank(place) }
    return point
  }

  /// The point with what its conditions make absent taken out; what they make present without a rank gets its first level.
  func settled(_ point: RankedPoint) -> RankedPoint {
    isConditional ? self.point { max(point[$0], 0) } : point
  }

  /// Whether a parameter is present in a point whose deciding parameters have their ranks.
  func isPresent(_ place: Int, in point: RankedPoint) -> Bool {
    guard let parent = axes[place].parent, let condition = axes[place].parameter.condition else { return true }
    return point[parent] >= 0 && condition.isMet(by: value(point[parent], on: axes[parent]))
  }

  /// Σ (Δu / (k − 1))², and ¼ for each category that differs and each parameter that only one of the two has.
  func squaredDistance(_ a: RankedPoint, _ b: ArraySlice<Double>) -> Double {
    var sum = 0.0
    for (place, axis) in axes.enumerated() where axis.last > 0 || axis.parent != nil {
      let (own, other) = (a[place], b[b.startIndex + place])
      if own == other { continue }
      if axis.isCategory || own < 0 || other < 0 {
        sum += 0.25
      } else {
        let share = (own - other) / axis.last
        sum += share * share
      }
    }
    return sum
  }

  /// Σ (2u / (k − 1) − 1)² over the ordered axes: the larger, the nearer a point lies to the edges. What is absent counts 0.
  func squaredSides(of ranks: some RandomAccessCollection<Double>) -> Double {
    var sum = 0.0
    for (axis, rank) in zip(axes, ranks) where axis.isOrdered && rank >= 0 {
      let side = 2 * rank / axis.last - 1
      sum += side * side
    }
    return sum
  }

  private func value(_ rank: Double, on axis: Axis) -> ParameterValue {
    axis.isContinuous
      ? axis.parameter.domain.value(at: rank / Self.finest) : axis.parameter.domain.level(at: UInt64(rank))
  }

  private func rank(of value: ParameterValue, on axis: Axis) -> Double {
    let domain = axis.parameter.domain
    if let index = domain.index(of: value) { return Double(index) }
    if axis.isContinuous {
      // The nearest level where it is one, so that a rank is the same before and after a point was stored.
      let rank = domain.coordinate(of: value) * Self.finest
      return self.value(rank.rounded(), on: axis) == value ? rank.rounded() : rank
    }
    return axis.isCategory ? RankedPoint.absent : domain.placeBetweenLevels(of: value)
  }
}
