import SearchSpace

/// A keyed order of the points of a space, each met once.
///
/// Up to 2⁶² points it is a permutation of the grid; above, and over ranges without a grid, place n is drawn, and the
/// caller passes over points that it has met.
struct PointOrder: Sendable {
  /// What an order is for; one word of the key.
  enum Purpose: UInt64 { case random = 1, starts = 2, rungs = 3 }

  /// After this many draws in a row that gave known points, the space is taken as used up.
  static let mostTries: UInt64 = 10_000

  private let space: ParameterSpace
  private let seed: UInt64
  /// What tells the order from others of the same seed.
  private let key: [UInt64]
  private let permuted: (grid: Grid, order: KeyedPermutation)?

  /// The order of a seed and a purpose; `part` tells several of one purpose apart.
  init(space: ParameterSpace, seed: UInt64, purpose: Purpose, part: UInt64? = nil) {
    self.space = space
    self.seed = seed
    key = [purpose.rawValue] + (part.map { [$0] } ?? [])
    if let grid = Grid(space), !grid.isSaturated, grid.count <= 1 << 62 {
      permuted = (grid, KeyedPermutation(bound: grid.count, seed: seed, key: key))
    } else {
      permuted = nil
    }
  }

  /// How many points there are; nil where places are drawn.
  var count: UInt64? { permuted?.order.bound }

  /// The point at a place from 0; `attempt` tells apart the draws of one place.
  func point(at place: UInt64, attempt: UInt64 = 0) -> Point {
    if let permuted { return permuted.grid.point(at: permuted.order[place]) }
    return space.point(
      drawnBy: { KeyedGenerator(seed: seed, key: key + [place, UInt64($0)]) }, at: attempt)
  }
}
