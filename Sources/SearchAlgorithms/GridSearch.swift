import SearchSpace

/// Every point of the grid once, in mixed-radix order; the product is never built.
struct GridSearch: SearchAlgorithm {
  static let description = AlgorithmDescription(
    name: "grid", version: 1,
    summary: "Every point of the grid once, the first parameter varying fastest.",
    citation: "Exhaustive search; the baseline of L. Mahto and A. Chauhan, An approximate gradient based "
      + "hyper-parameter optimization in a neural network architecture.",
    options: [], usesBudget: false, needsGrid: true, coversGrid: true
  ) { GridSearch(space: $0.space) }

  private let grid: Grid

  init(space: ParameterSpace) {
    guard let grid = Grid(space) else { preconditionFailure("a space without a grid was let through") }
    self.grid = grid
  }

  var needsHistory: Bool { false }
  var descents: [Descent]? { nil }

  func propose(_ number: Int) -> Proposal {
    let index = UInt64(number - 1)
    guard grid.isSaturated || index < grid.count else { return .exhausted(.spaceExhausted) }
    return .suggestion(Suggestion(point: grid.point(at: index), horizon: 0, origin: Origin(kind: "grid")))
  }

  mutating func register(_ number: Int, _ suggestion: Suggestion) {}
  mutating func observe(_ number: Int, _ outcome: ObservedOutcome) {}
  mutating func skip(to number: Int) {}
}
