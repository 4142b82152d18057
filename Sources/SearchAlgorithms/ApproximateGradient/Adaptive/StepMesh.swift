/// How far a step goes on each axis, and what the points near a centre are.
struct StepMesh: Sendable {
  /// A range without a grid begins with 2⁴ + 1 levels, and its levels can be doubled 20 times.
  static let firstDoublings = 4
  static let mostDoublings = 20

  /// The axes.
  let axes: AxisRanks
  /// The step size τ that every run begins with.
  let firstStep: Double
  /// Whether an ordered axis goes on at its other end.
  let wraps: Bool
  /// The places of the ordered axes.
  let ordered: [Int]
  /// The places of the categories of two values or more.
  let categories: [Int]
  private let hasRanges: Bool

  /// The mesh of a space.
  init(axes: AxisRanks, firstStep: Double, wraps: Bool) {
    self.axes = axes
    self.firstStep = firstStep
    self.wraps = wraps
    ordered = axes.axes.indices.filter { axes.axes[$0].isOrdered }
    categories = axes.axes.indices.filter { axes.axes[$0].isCategory && axes.axes[$0].last > 0 }
    hasRanges = axes.axes.contains { $0.isContinuous }
  }

  /// How many ranks apart neighbouring levels are: 1 of a grid.
  func spacing(_ place: Int, _ state: RunState) -> Double {
    guard axes.axes[place].isContinuous else { return 1 }
    return AxisRanks.finest / Double(1 << (Self.firstDoublings + state.doublings))
  }

  /// How many levels a step goes on an ordered axis: max(1, τ (k − 1)).
  func reach(_ place: Int, _ state: RunState) -> Double {
    max(1, state.step * axes.axes[place].last / spacing(place, state))
  }

  /// Whether a step goes one level at most on every axis.
  func isUnit(_ state: RunState) -> Bool { ordered.allSatisfy { reach($0, state) <= 1 } }

  /// Whether there are ranges whose levels can be doubled once more.
  func canDouble(_ state: RunState) -> Bool { hasRanges && state.doublings < Self.mostDoublings }

  /// The signed way from a rank to another one; the shorter way round where axes wrap.
  func difference(_ place: Int, from centre: Double, to rank: Double) -> Double {
    let way = rank - centre
    guard wraps else { return way }
    let round = axes.axes[place].count
    return way - round * (way / round).rounded(.toNearestOrEven)
  }

  /// The levels at most `most` steps from a centre on an ordered axis, itself included.
  func range(_ place: Int, around centre: Double, most: Double, _ state: RunState) -> StepRange {
    let (axis, spacing) = (axes.axes[place], spacing(place, state))
    if wraps {
      let all = (axis.last / spacing).rounded(.down) + 1
      return 2 * most + 1 >= all
        ? StepRange(start: 0, spacing: spacing, count: Int(all), last: axis.last, wraps: false)
        : StepRange(
          start: centre - most * spacing, spacing: spacing, count: Int(2 * most + 1), last: axis.last, wraps: true)
    }
    let down = min(most, (centre / spacing).rounded(.up))
    let up = min(most, ((axis.last - centre) / spacing).rounded(.up))
    return StepRange(
      start: centre - down * spacing, spacing: spacing, count: Int(down + up + 1), last: axis.last, wraps: false)
  }

  /// The points one level, or one category, away: of an ordered axis ±1, of a category every other.
  func neighbours(of centre: RankedPoint, _ state: RunState) -> [RankedPoint] {
    var found: [RankedPoint] = []
    for place in axes.axes.indices where centre[place] >= 0 {
      let axis = axes.axes[place]
      let range =
        axis.isOrdered
        ? range(place, around: centre[place], most: 1, state)
        : StepRange(start: 0, spacing: 1, count: Int(axis.count), last: axis.last, wraps: false)
      for rank in range where rank != centre[place] {
        var point = centre
        point[place] = rank
        found.append(axes.settled(point))
      }
    }
    return found
  }
}

/// Levels in a row, by their ranks.
struct StepRange: RandomAccessCollection, Sendable {
  /// The rank of the first, which may lie outside.
  let start: Double
  /// How far apart they are.
  let spacing: Double
  /// How many there are.
  let count: Int
  /// The highest rank of the axis.
  let last: Double
  /// Whether what lies outside comes in at the other end.
  let wraps: Bool

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  /// The rank of a level of the axis, whatever the centre was.
  subscript(index: Int) -> Double {
    let rank = (start + Double(index) * spacing).rounded()
    if wraps { return rank - (last + 1) * (rank / (last + 1)).rounded(.down) }
    return Swift.min(Swift.max(rank, 0), last)
  }
}
