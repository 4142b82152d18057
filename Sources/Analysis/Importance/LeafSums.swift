/// Gathers the leaves of trees: of each parameter the mean of the predictions given each of its cells.
///
/// `E[f | xᵢ = c] = Σ v · P(leaf | xᵢ = c)` over the leaves, with the value v of each. What is absent is a function of its
/// parent, so the probability of a leaf is found along the tree of parameters: from the children up (what a parameter and all
/// below it contribute) and down again (what all others contribute).
struct LeafSums: Sendable {
  private let space: CellSpace
  /// By place and cell, where an axis decides about nothing and has an order: differences of `Σ v · outside`.
  private var steps: [[Double]]
  /// By place and cell, of the others: `Σ v · P(leaf, xᵢ = c) / P(c)`.
  private var points: [[Double]]
  /// By place: the probability that a point has the parameter.
  private let presence: [Double]
  // What one leaf is computed with, by place.
  private var inside: [Double]
  private var outside: [Double]
  private var absence: [Bool]

  init(_ space: CellSpace) {
    self.space = space
    steps = space.axes.map { [Double](repeating: 0, count: $0.count + 1) }
    points = space.axes.map { [Double](repeating: 0, count: $0.count) }
    inside = space.axes.map { _ in 0 }
    outside = inside
    absence = space.axes.map { _ in true }
    var presence = space.axes.map { _ in 0.0 }
    for root in space.roots { presence[root] = 1 }
    for place in space.order {
      for child in space.children[place] {
        let share = zip(space.axes[place].weights, child.isPresent).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
        presence[child.place] = presence[place] * share
      }
    }
    self.presence = presence
  }

  /// Adds a leaf.
  mutating func add(_ value: Double, _ box: CellBox) {
    rise(box)
    descend(box)
    for place in space.order {
      let amount = value * outside[place]
      guard amount != 0 else { continue }
      if space.axes[place].isOrdered, space.children[place].isEmpty {
        steps[place][box.low[place]] += amount
        steps[place][box.high[place]] -= amount
      } else {
        for cell in points[place].indices where box.has(cell, of: place, isOrdered: space.axes[place].isOrdered) {
          points[place][cell] += amount * below(place, cell, but: nil)
        }
      }
    }
  }

  /// Adds the leaves of other trees.
  mutating func add(_ other: LeafSums) {
    for place in steps.indices {
      for cell in steps[place].indices { steps[place][cell] += other.steps[place][cell] }
      for cell in points[place].indices { points[place][cell] += other.points[place][cell] }
    }
  }

  /// By place: `P(present) · Var(E[f | xᵢ, present])` of the sum f of all trees.
  var variances: [Double] {
    space.axes.indices.map { place in
      guard presence[place] > 0 else { return 0 }
      let weights = space.axes[place].weights
      var sum = 0.0
      let means = points[place].indices.map { cell in
        sum += steps[place][cell]
        return (sum + points[place][cell]) / presence[place]
      }
      let mean = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
      return presence[place] * zip(weights, means).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    }
  }

  /// Fills `inside`: the probability that a present parameter and all below it are in the box.
  private mutating func rise(_ box: CellBox) {
    for place in space.order.reversed() {
      let axis = space.axes[place]
      absence[place] = box.takesAbsent[place]
      for child in space.children[place] where !absence[child.place] { absence[place] = false }
      if space.children[place].isEmpty, axis.isOrdered {
        inside[place] = axis.sums[box.high[place]] - axis.sums[box.low[place]]
      } else {
        var sum = 0.0
        for cell in 0..<axis.count where box.has(cell, of: place, isOrdered: axis.isOrdered) {
          sum += axis.weights[cell] * below(place, cell, but: nil)
        }
        inside[place] = sum
      }
    }
  }

  /// Fills `outside`: the probability that a parameter is present and all that are not below it are in the box.
  private mutating func descend(_ box: CellBox) {
    var all = 1.0
    for root in space.roots { all *= inside[root] }
    for root in space.roots { outside[root] = all > 0 ? all / inside[root] : 0 }
    for place in space.order where !space.children[place].isEmpty {
      let axis = space.axes[place]
      for (index, child) in space.children[place].enumerated() {
        var sum = 0.0
        for cell in 0..<axis.count
        where child.isPresent[cell] && box.has(cell, of: place, isOrdered: axis.isOrdered) {
          sum += axis.weights[cell] * below(place, cell, but: index)
        }
        outside[child.place] = outside[place] * sum
      }
    }
  }

  /// The probability that all children are in the box, given the parent's cell; one of them may be left out.
  private func below(_ place: Int, _ cell: Int, but omitted: Int?) -> Double {
    var product = 1.0
    for (index, child) in space.children[place].enumerated() where index != omitted {
      if child.isPresent[cell] {
        product *= inside[child.place]
      } else if !absence[child.place] {
        return 0
      }
    }
    return product
  }
}
