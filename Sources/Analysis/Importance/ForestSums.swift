/// What trees predict, added up.
struct ForestSums: Sendable {
  /// The main effects, times the number of trees.
  private var leaves: LeafSums
  /// By drawn point: the sum of the predictions.
  private(set) var drawn: [Double]
  /// By row: the sum of the predictions of trees that were not fitted to it, and how many there are.
  var rows: [Double]
  var counts: [Double]

  /// Sums of no tree, for `drawn` points and the rows that trees are fitted to.
  init(_ space: CellSpace, drawn: Int, rows: Int) {
    leaves = LeafSums(space)
    self.drawn = [Double](repeating: 0, count: drawn)
    self.rows = [Double](repeating: 0, count: rows)
    counts = self.rows
  }

  /// Adds a leaf: its points, and those of the questions that it answers. Questions beyond the drawn points are rows.
  mutating func add(_ value: Double, _ box: CellBox, _ questions: ArraySlice<Int>) {
    leaves.add(value, box)
    for question in questions {
      if question < drawn.count {
        drawn[question] += value
      } else {
        rows[question - drawn.count] += value
        counts[question - drawn.count] += 1
      }
    }
  }

  /// Adds what other trees say of everything but the rows.
  mutating func add(_ other: ForestSums) {
    leaves.add(other.leaves)
    for question in drawn.indices { drawn[question] += other.drawn[question] }
  }

  /// Begins the rows anew.
  mutating func forgetRows() { for row in rows.indices { (rows[row], counts[row]) = (0, 0) } }

  /// By place: the share of the variance of the sums that the main effect of a parameter has.
  var shares: [Double] {
    let mean = drawn.reduce(0, +) / Double(drawn.count)
    let total = drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(drawn.count)
    let variances = leaves.variances
    // The total is known from a sample, so that the parts may be a little more than all.
    let all = max(total, variances.reduce(0, +))
    return variances.map { all > 0 ? $0 / all : 0 }
  }

  /// How much of the variance of the values the predictions of the rows explain.
  func fit(_ values: [Double]) -> Double {
    let known = values.indices.filter { counts[$0] > 0 }
    guard !known.isEmpty else { return 0 }
    let mean = known.reduce(0) { $0 + values[$1] } / Double(known.count)
    var (wrong, all) = (0.0, 0.0)
    for row in known {
      let distance = values[row] - rows[row] / counts[row]
      wrong += distance * distance
      all += (values[row] - mean) * (values[row] - mean)
    }
    return all > 0 ? 1 - wrong / all : 0
  }
}
