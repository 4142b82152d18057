import SearchSpace

/// A forest of regression trees over cells, and the shares of the variance of its predictions.
///
/// A forest fits strong parameters better than weak ones. So a second one is fitted to what the first leaves of the points
/// that its trees have not seen, and is added (Ghosal and Hooker 2021, doi:10.1080/10618600.2020.1820345). Main effects of a
/// sum are sums of main effects, and so stay exact for the forest.
///
/// Every draw is a function of the numbers of the tree and of the node.
struct ImportanceForest: Sendable {
  /// Each of these forests lacks a fifth of the points, so that their spread says how much depends on which points there are.
  private static let groups = 16
  private static let omitted = 0.2
  private static let stages = 2
  /// How many trees each stage of a group has.
  private static let trees = 10
  /// How many points the variance of the predictions is computed with.
  private static let drawn = 2_048

  /// By place.
  let shares: [Double]
  let deviations: [Double]
  let interactions: Double
  let interactionsDeviation: Double
  let fit: Double

  /// `cells`: one row for each point, 10 or more; `values`: theirs, not all the same.
  init(_ space: CellSpace, _ cells: [UInt16], _ values: [Double]) {
    let asked = space.points(Self.drawn, seed: 0) + cells
    var whole = ForestSums(space, drawn: Self.drawn, rows: values.count)
    var spread: [[Double]] = []
    for group in 0..<Self.groups {
      var part = ForestSums(space, drawn: Self.drawn, rows: values.count)
      let order = KeyedPermutation(bound: UInt64(values.count), seed: 1, key: [UInt64(group)])
      let away = Int(Double(values.count) * Self.omitted)
      let rows = (away..<values.count).map { Int(order[UInt64($0)]) }.sorted()
      var left = values
      for stage in 0..<Self.stages {
        part.forgetRows()
        for tree in 0..<Self.trees {
          let number = UInt64((group * Self.stages + stage) * Self.trees + tree)
          let sample = Self.sample(rows, number: number)
          var grower = TreeGrower(
            space, cells, left, rows: sample, asked: asked, drawn: Self.drawn, number: number)
          grower.grow(into: &part)
        }
        for row in left.indices where part.counts[row] > 0 { left[row] -= part.rows[row] / part.counts[row] }
      }
      spread.append(part.shares)
      for row in (0..<away).map({ Int(order[UInt64($0)]) }) {
        whole.rows[row] += values[row] - left[row]
        whole.counts[row] += 1
      }
      whole.add(part)
    }
    let found = whole.shares
    shares = found
    interactions = max(0, 1 - found.reduce(0, +))
    deviations = found.indices.map { place in Self.deviation(spread.map { $0[place] }) }
    interactionsDeviation = Self.deviation(spread.map { max(0, 1 - $0.reduce(0, +)) })
    fit = whole.fit(values)
  }

  /// As many of some points as they are, drawn with replacement, ascending.
  private static func sample(_ rows: [Int], number: UInt64) -> [Int] {
    let generator = KeyedGenerator(seed: 2, key: [number])
    return rows.indices.map { rows[Int(generator.integer(below: UInt64(rows.count), at: UInt64($0)))] }.sorted()
  }

  /// The standard deviation of a mean of all points, from means that each lack `omitted` of them (the jackknife of Shao and
  /// Wu 1989, doi:10.1214/aos/1176347263): √((1 − d)/d · Var).
  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (variance * (1 - omitted) / omitted).squareRoot()
  }
}
