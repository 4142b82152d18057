import SearchSpace

/// Every point of the grid once, in mixed-radix order; the product is never built.
struct GridSearch: CountedSearch {
  static let description = AlgorithmDescription(
    AlgorithmFacts(
      name: "grid", version: 1,
      summary: "Every point of the grid once, the first parameter varying fastest.",
      citation: "Exhaustive search; the baseline of L. Mahto and A. Chauhan, An approximate gradient based "
        + "hyper-parameter optimization in a neural network architecture.",
      options: [], needsGrid: true, coversGrid: true),
    repeatsPoints: false, coversSpace: true
  ) { GridSearch(space: $0.space) }

  static let kind = "grid"
  private let grid: Grid

  init(space: ParameterSpace) {
    guard let grid = Grid(space) else { preconditionFailure("a space without a grid was let through") }
    self.grid = grid
  }

  func point(_ number: Int) -> Point? {
    let index = UInt64(number - 1)
    return grid.isSaturated || index < grid.count ? grid.point(at: index) : nil
  }
}
