import SearchSpace

/// Which configurations start on a rung, in a keyed order of that rung: each at most once.
struct ConfigurationOrder: Sendable {
  private let ladder: RungLadder
  private let rung: Int
  private let order: PointOrder
  /// How many places were taken.
  private var place: UInt64 = 0

  init(_ ladder: RungLadder, rung: Int, seed: UInt64) {
    self.ladder = ladder
    self.rung = rung
    order = PointOrder(space: ladder.configurations, seed: seed, purpose: .rungs, part: UInt64(rung))
  }

  /// The points of the next `count` configurations, fewer where there are no more. Where places are drawn, those that have
  /// a trial are passed over; elsewhere they are members whose outcome is known.
  func next(_ count: Int, in log: TrialLog) -> [Point] { find(count, in: log).points }

  /// Takes them.
  mutating func take(_ count: Int, in log: TrialLog) -> [Point] {
    let found = find(count, in: log)
    place = found.end
    return found.points
  }

  private func find(_ count: Int, in log: TrialLog) -> (points: [Point], end: UInt64) {
    var points: [Point] = []
    var place = place
    if let bound = order.count {
      while points.count < count, place < bound {
        points.append(ladder.point(order.point(at: place), on: rung))
        place += 1
      }
      return (points, place)
    }
    var known: Set<Point> = []
    var tries = PointOrder.mostTries
    while points.count < count, tries > 0 {
      let point = ladder.point(order.point(at: place), on: rung)
      place += 1
      if log.number(of: point) == nil, known.insert(point).inserted {
        points.append(point)
        tries = PointOrder.mostTries
      } else {
        tries -= 1
      }
    }
    return (points, place)
  }
}
