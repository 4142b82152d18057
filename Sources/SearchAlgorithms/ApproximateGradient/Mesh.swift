import SearchSpace

/// Where a step leads from a point: in the paper's form to every neighbour on the grid, one level or category away.
struct Mesh: Sendable {
  let space: ParameterSpace

  /// The points one step away, in poll order, which also decides between equal values.
  func around(_ point: Point) -> [Neighbour] { space.neighbours(of: point) }

  /// Those of them that have no trial.
  func fresh(around point: Point, in log: TrialLog) -> [Point] {
    around(point).map(\.point).filter { log.number(of: $0) == nil }
  }
}
