/// The axes that a Gaussian process measures distances along: those of at least two levels.
struct ProcessAxes: Sendable {
  /// One of them.
  struct Axis: Sendable {
    /// Its place among the space's parameters.
    let place: Int
    /// Whether its values are only equal or different.
    let isCategory: Bool
    /// The highest rank.
    let last: Double
  }

  /// Axes of more levels than this have no table of distances.
  static let mostLevels = 256.0

  /// Axes of few levels: the covariance of two of their levels is looked up.
  let listed: [Axis]
  /// Axes of many levels, and ranges without a grid: it is computed.
  let measured: [Axis]

  /// The axes of a space.
  init(_ axes: AxisRanks) {
    let used = axes.axes.enumerated().filter { $0.element.last > 0 }.map {
      Axis(place: $0.offset, isCategory: $0.element.isCategory, last: $0.element.last)
    }
    listed = used.filter { $0.last < Self.mostLevels }
    measured = used.filter { $0.last >= Self.mostLevels }
  }

  /// All of them: those that are looked up first.
  var all: [Axis] { listed + measured }
  /// How many there are.
  var count: Int { listed.count + measured.count }
}

/// Points as a Gaussian process reads them: for each axis that is looked up the number of the level, else the rank.
struct ProcessPoints: Sendable {
  /// How many there are.
  private(set) var count = 0
  /// Point after point, axis by axis: the level; of k levels, 2k where the parameter is absent, so that the difference to
  /// any level tells.
  private(set) var levels: [Int32] = []
  /// Point after point, axis by axis: the rank; −1 where the parameter is absent.
  private(set) var ranks: [Double] = []

  /// Adds a point, the ranks of all parameters; one that lies between two listed levels is taken for the nearest.
  mutating func append(_ point: some RandomAccessCollection<Double>, on axes: ProcessAxes) {
    func rank(_ axis: ProcessAxes.Axis) -> Double { point[point.index(point.startIndex, offsetBy: axis.place)] }
    for axis in axes.listed {
      let own = rank(axis)
      levels.append(own < 0 ? 2 * Int32(axis.last + 1) : Int32(min(own.rounded(), axis.last)))
    }
    for axis in axes.measured { ranks.append(rank(axis)) }
    count += 1
  }
}
