import SearchSpace

/// A search space whose parameters are divided into cells, with what decides which of them a point has.
struct CellSpace: Sendable {
  /// What a parameter decides about another: in which of its cells the other one is present.
  struct Child: Sendable {
    var place: Int
    var isPresent: [Bool]
  }

  /// The parameters' names, in the order of the space.
  let names: [String]
  let axes: [CellAxis]
  /// By place: the parameters that it decides about.
  let children: [[Child]]
  /// The places of the parameters that every point has.
  let roots: [Int]
  /// Parents before their children.
  let order: [Int]

  /// Divides each parameter into at most `most` cells.
  init(_ space: ParameterSpace, most: Int) {
    let parameters = space.parameters
    names = parameters.map(\.name)
    let axes = parameters.map { CellAxis($0.domain, most: most) }
    self.axes = axes
    var children = [[Child]](repeating: [], count: axes.count)
    var roots = Set(axes.indices)
    for (place, parameter) in parameters.enumerated() {
      guard let condition = parameter.condition,
        let parent = parameters.firstIndex(where: { $0.name == condition.parameter })
      else { continue }
      roots.remove(place)
      let axis = axes[parent]
      let isPresent = (0..<axis.count).map { condition.isMet(by: axis.value(in: $0)) }
      children[parent].append(Child(place: place, isPresent: isPresent))
    }
    self.children = children
    self.roots = roots.sorted()
    order = space.order
  }

  /// Whether every point has every parameter.
  var isPlain: Bool { roots.count == axes.count }

  /// `count` points drawn by the axes' weights, one row of cells after the other. Of each parameter the draws are spread
  /// evenly (a Latin hypercube), so that few points are enough.
  func points(_ count: Int, seed: UInt64) -> [UInt16] {
    var cells = [UInt16](repeating: CellAxis.absent, count: count * axes.count)
    let orders = axes.indices.map {
      KeyedPermutation(bound: UInt64(count), seed: seed, key: [UInt64($0)])
    }
    var isPresent = [Bool](repeating: false, count: axes.count)
    for row in 0..<count {
      for place in axes.indices { isPresent[place] = false }
      for root in roots { isPresent[root] = true }
      for place in order where isPresent[place] {
        let share = (Double(orders[place][UInt64(row)]) + 0.5) / Double(count)
        let cell = axes[place].cell(at: share)
        cells[row * axes.count + place] = UInt16(cell)
        for child in children[place] where child.isPresent[cell] { isPresent[child.place] = true }
      }
    }
    return cells
  }
}
