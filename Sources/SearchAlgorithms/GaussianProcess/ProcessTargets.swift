import SearchSpace

/// What a Gaussian process is fitted to: the flattened losses of told trials with mean 0 and variance 1, less a bowl.
///
/// The bowl says that a point is expected to be the worse the nearer it lies to the edges: 0.4 b(x) with
/// b = (1/n) Σ (2u / (k − 1) − 1)² over the ordered axes.
struct ProcessTargets: Sendable {
  private static let depth = 0.4

  /// By told trial: the target.
  let values: [Double]
  /// By told trial: its flattened loss with mean 0 and variance 1, the bowl still in it.
  let losses: [Double]
  /// The least of `losses`; 0 where nothing is told.
  let best: Double

  /// The targets of a log.
  init(_ log: LearningLog) {
    let flat = Flattening(log).values
    let count = Double(max(flat.count, 1))
    var (sum, squares) = (0.0, 0.0)
    for value in flat { sum += value }
    let mean = sum / count
    for value in flat { squares += (value - mean) * (value - mean) }
    var deviation = (squares / count).squareRoot()
    if deviation < 1e-12 { deviation = 1 }
    losses = flat.map { ($0 - mean) / deviation }
    best = losses.min() ?? 0
    values = losses.enumerated().map { $1 - Self.bowl(log.ranks(of: $0), on: log.axes) }
  }

  /// The trials with the least losses, the first of equals first.
  func best(_ count: Int) -> [Int] {
    Array(losses.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }.prefix(count))
  }

  /// 0.4 b(x); parameters that are absent count 0.
  static func bowl(_ point: some RandomAccessCollection<Double>, on axes: AxisRanks) -> Double {
    let count = axes.axes.count { $0.isOrdered }
    return count > 0 ? depth * axes.squaredSides(of: point) / Double(count) : 0
  }
}
