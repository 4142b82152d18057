import SearchSpace

/// Where descents begin: points in a keyed order, those that have a trial left out.
struct Starts: Sendable {
  private let order: PointOrder
  /// Each place is looked at once in all descents together.
  private var place: UInt64 = 0

  /// The starts of a study.
  init(space: ParameterSpace, seed: UInt64) {
    order = PointOrder(space: space, seed: seed, purpose: .starts)
  }

  /// The first start that has no trial; nil where every point has one.
  func next(in log: TrialLog) -> Point? { find(in: log)?.point }

  /// Takes that start.
  mutating func take(in log: TrialLog) -> Point? {
    guard let (point, place) = find(in: log) else { return nil }
    self.place = place + 1
    return point
  }

  private func find(in log: TrialLog) -> (point: Point, place: UInt64)? {
    var place = place
    while place < order.count ?? .max {
      let point = order.point(at: place)
      if log.number(of: point) == nil { return (point, place) }
      place += 1
    }
    return nil
  }
}
