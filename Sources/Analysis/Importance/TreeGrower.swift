import SearchSpace

/// Grows one regression tree, and lets each leaf answer for the points in it; the tree itself is not kept.
struct TreeGrower {
  /// Where a node is split.
  private struct Cut {
    var place: Int
    /// Cells below it go left, of an axis with an order.
    var bound = 0
    /// These go left, of the others.
    var left = CategorySet()
    var gain: Double
    var isOrdered: Bool

    /// What is absent goes right.
    func takesLeft(_ cell: UInt16) -> Bool {
      if cell == CellAxis.absent { return false }
      return isOrdered ? Int(cell) < bound : left.contains(Int(cell))
    }
  }

  /// Deeper nodes are leaves, so that the stack is bounded.
  private static let mostDepth = 64
  /// Smaller nodes are leaves.
  private static let fewest = 4

  private let space: CellSpace
  private let width: Int
  private let cells: [UInt16]
  private let values: [Double]
  private let asked: [UInt16]
  private let generator: KeyedGenerator
  private var rows: [Int]
  private var questions: [Int]
  private var nodes: UInt64 = 0
  // Of the axis that is looked at, by cell.
  private var counts: [Double]
  private var sums: [Double]
  private var touched: [Int] = []

  /// `rows`: those it is fitted to; `asked`: a row of cells for each of the points that are `drawn`, and then `cells`. Of
  /// these the tree answers for those that it is not fitted to.
  init(
    _ space: CellSpace, _ cells: [UInt16], _ values: [Double], rows: [Int], asked: [UInt16], drawn: Int, number: UInt64
  ) {
    self.space = space
    width = space.axes.count
    self.cells = cells
    self.values = values
    self.asked = asked
    self.rows = rows
    var isFitted = [Bool](repeating: false, count: values.count)
    for row in rows { isFitted[row] = true }
    questions = Array(0..<drawn) + values.indices.filter { !isFitted[$0] }.map { drawn + $0 }
    generator = KeyedGenerator(seed: 2, key: [number])
    counts = [Double](repeating: 0, count: space.axes.map(\.count).max() ?? 0)
    sums = counts
  }

  /// Grows the tree, and adds what its leaves say.
  mutating func grow(into found: inout ForestSums) {
    var box = CellBox(space)
    grow(0..<rows.count, 0..<questions.count, &box, depth: 0, into: &found)
  }

  private mutating func grow(
    _ node: Range<Int>, _ those: Range<Int>, _ box: inout CellBox, depth: Int, into found: inout ForestSums
  ) {
    guard depth < Self.mostDepth, let cut = bestCut(node) else {
      let value = node.reduce(0) { $0 + values[rows[$1]] } / Double(node.count)
      found.add(value, box, questions[those])
      return
    }
    let place = cut.place
    let middle = Self.part(&rows, node, cells, width, cut)
    let between = Self.part(&questions, those, asked, width, cut)
    if space.axes[place].isOrdered {
      let (low, high, takesAbsent) = (box.low[place], box.high[place], box.takesAbsent[place])
      (box.high[place], box.takesAbsent[place]) = (cut.bound, false)
      grow(node.lowerBound..<middle, those.lowerBound..<between, &box, depth: depth + 1, into: &found)
      (box.low[place], box.high[place], box.takesAbsent[place]) = (cut.bound, high, takesAbsent)
      grow(middle..<node.upperBound, between..<those.upperBound, &box, depth: depth + 1, into: &found)
      box.low[place] = low
    } else {
      let (all, takesAbsent) = (box.categories[place], box.takesAbsent[place])
      (box.categories[place], box.takesAbsent[place]) = (all.intersection(cut.left), false)
      grow(node.lowerBound..<middle, those.lowerBound..<between, &box, depth: depth + 1, into: &found)
      (box.categories[place], box.takesAbsent[place]) = (all.subtracting(cut.left), takesAbsent)
      grow(middle..<node.upperBound, between..<those.upperBound, &box, depth: depth + 1, into: &found)
      box.categories[place] = all
    }
  }

  /// Puts those first that go left, and tells where the others begin.
  private static func part(
    _ items: inout [Int], _ range: Range<Int>, _ cells: [UInt16], _ width: Int, _ cut: Cut
  ) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      if cut.takesLeft(cells[items[low] * width + cut.place]) {
        low += 1
      } else {
        high -= 1
        items.swapAt(low, high)
      }
    }
    return low
  }

  /// The cut that explains most; nil where none explains anything.
  private mutating func bestCut(_ node: Range<Int>) -> Cut? {
    defer { nodes += 1 }
    guard node.count >= Self.fewest else { return nil }
    let sum = node.reduce(0) { $0 + values[rows[$1]] }
    var best: Cut?
    for place in 0..<width {
      guard let cut = cut(place, node, sum), cut.gain > best?.gain ?? 1e-12 else { continue }
      best = cut
    }
    return best
  }

  /// The best cut of one axis; nil where all points have one cell, or some lack the parameter.
  private mutating func cut(_ place: Int, _ node: Range<Int>, _ sum: Double) -> Cut? {
    let axis = space.axes[place]
    touched.removeAll(keepingCapacity: true)
    defer { for cell in touched { (counts[cell], sums[cell]) = (0, 0) } }
    for item in node {
      let row = rows[item]
      guard cells[row * width + place] != CellAxis.absent else { return nil }
      let cell = Int(cells[row * width + place])
      if counts[cell] == 0 { touched.append(cell) }
      counts[cell] += 1
      sums[cell] += values[row]
    }
    guard touched.count > 1 else { return nil }
    if axis.isOrdered {
      touched.sort()
    } else {
      touched.sort { (sums[$0] / counts[$0], $0) < (sums[$1] / counts[$1], $1) }
    }
    let total = Double(node.count)
    var (before, amount) = (0.0, 0.0)
    var best = (gain: 0.0, end: 0)
    for (index, cell) in touched.dropLast().enumerated() {
      before += counts[cell]
      amount += sums[cell]
      let gain =
        amount * amount / before + (sum - amount) * (sum - amount) / (total - before) - sum * sum / total
      if gain > best.gain { best = (gain, index + 1) }
    }
    guard best.end > 0 else { return nil }
    let draw = nodes * UInt64(width) + UInt64(place)
    var cut = Cut(place: place, gain: best.gain, isOrdered: axis.isOrdered)
    if axis.isOrdered {
      let (last, next) = (touched[best.end - 1], touched[best.end])
      cut.bound = last + 1 + Int(generator.integer(below: UInt64(next - last), at: draw))
    } else {
      for cell in touched[..<best.end] { cut.left.insert(cell) }
      // Categories that no point of the node has may go either way.
      let word = generator.integer(at: draw)
      for cell in 0..<axis.count where counts[cell] == 0 && word >> UInt64(cell % 64) & 1 == 1 { cut.left.insert(cell) }
    }
    return cut
  }
}
