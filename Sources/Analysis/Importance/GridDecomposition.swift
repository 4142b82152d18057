/// The exact decomposition of the variance over all points of a grid.
struct GridDecomposition: Sendable {
  /// Two parameters, by place, and what they explain together.
  struct Pair: Sendable {
    var first: Int
    var second: Int
    var share: Double
  }

  /// The most pairs that are told.
  private static let mostPairs = 10
  /// The most parameters whose pairs are looked at.
  private static let mostPaired = 16

  /// By place.
  let shares: [Double]
  let interactions: Double
  /// The largest first; nil where some points lack parameters, or there are too many.
  let pairs: [Pair]?

  /// `cells`: one row for each point, each a point of the grid; `values`: theirs, not all the same.
  init(_ space: CellSpace, _ cells: [UInt16], _ values: [Double]) {
    let width = space.axes.count
    let mean = values.reduce(0, +) / Double(values.count)
    let deviations = values.map { $0 - mean }
    let total = deviations.reduce(0) { $0 + $1 * $1 }
    let groups = (0..<width).map { place in
      Means(count: space.axes[place].count, deviations) { row in
        let cell = cells[row * width + place]
        return cell == CellAxis.absent ? nil : Int(cell)
      }
    }
    let shares = groups.map { $0.spread / total }
    self.shares = shares
    interactions = max(0, 1 - shares.reduce(0, +))
    guard space.isPlain, width <= Self.mostPaired else {
      pairs = nil
      return
    }
    var pairs: [Pair] = []
    for second in 0..<width {
      for first in 0..<second {
        let count = space.axes[second].count
        let both = Means(count: space.axes[first].count * count, deviations) { row in
          Int(cells[row * width + first]) * count + Int(cells[row * width + second])
        }
        // Var(E[y | xᵢ, xⱼ]) − Var(E[y | xᵢ]) − Var(E[y | xⱼ]): the grid is a product, so the parts are orthogonal.
        let share = max(0, both.spread / total - shares[first] - shares[second])
        if share > 1e-12 { pairs.append(Pair(first: first, second: second, share: share)) }
      }
    }
    pairs.sort { ($1.share, $0.first, $0.second) < ($0.share, $1.first, $1.second) }
    self.pairs = Array(pairs.prefix(Self.mostPairs))
  }
}

/// Means of groups of points.
private struct Means {
  /// Σ n (mean of the group − mean of all that are in a group)².
  let spread: Double

  init(count: Int, _ values: [Double], group: (Int) -> Int?) {
    var sums = [Double](repeating: 0, count: count)
    var counts = sums
    for (row, value) in values.enumerated() {
      guard let group = group(row) else { continue }
      sums[group] += value
      counts[group] += 1
    }
    let number = counts.reduce(0, +)
    guard number > 0 else {
      spread = 0
      return
    }
    let mean = sums.reduce(0, +) / number
    spread = zip(sums, counts).reduce(0) { sum, group in
      guard group.1 > 0 else { return sum }
      let distance = group.0 / group.1 - mean
      return sum + group.1 * distance * distance
    }
  }
}
