import SearchSpace

/// Points that a surrogate is asked about: the best one with some of its parameters changed.
struct SurrogateCandidates {
  /// The most candidates.
  static let most = 500

  private let log: LearningLog
  private let centre: RankedPoint
  private let size: Double
  private let probability: Double
  private var found: Set<PointFingerprint> = []
  private var points: [RankedPoint] = []

  /// Candidates around a point, none with a trial: up to 500, fewer with more than 16 parameters, but at least 32 are drawn.
  ///
  /// All points without a trial where they are as few. Else each parameter of the point is changed with a probability, at
  /// least one: a category to any other, a number by a normal draw of this size, at least to the next level. Where all of
  /// these have a trial, points drawn anywhere.
  static func points(
    around centre: RankedPoint, size: Double, probability: Double, in log: LearningLog, _ stream: inout SearchStream
  ) -> [RankedPoint] {
    let most = max(32, min(Self.most, 8000 / log.axes.count))
    if let all = log.allUnseen(atMost: most) { return all }
    var candidates = SurrogateCandidates(log: log, centre: centre, size: size, probability: probability)
    for _ in 0..<most { candidates.add(candidates.changed(&stream)) }
    if candidates.points.isEmpty {
      for _ in 0..<most {
        candidates.add(log.axes.point { log.axes.axes[$0].rank(at: stream.uniform(), isInner: false) })
      }
    }
    if candidates.points.isEmpty, let point = log.unseenPoint(&stream) { candidates.add(point) }
    return candidates.points
  }

  private init(log: LearningLog, centre: RankedPoint, size: Double, probability: Double) {
    (self.log, self.centre, self.size, self.probability) = (log, centre, size, probability)
  }

  private mutating func add(_ point: RankedPoint) {
    guard !log.hasSeen(point), found.insert(log.axes.fingerprint(of: point)).inserted else { return }
    points.append(point)
  }

  /// The centre with other ranks; parameters that come in with them are drawn.
  private func changed(_ stream: inout SearchStream) -> RankedPoint {
    let axes = log.axes.axes
    let movable = axes.indices.filter { axes[$0].last > 0 && centre[$0] >= 0 }
    var moves = [Bool](repeating: false, count: axes.count)
    for place in movable { moves[place] = stream.uniform() < probability }
    if !movable.isEmpty, !moves.contains(true) { moves[movable[stream.integer(below: movable.count)]] = true }
    return log.axes.point { place in
      if centre[place] < 0 { return axes[place].rank(at: stream.uniform(), isInner: false) }
      return moves[place] ? other(than: centre[place], on: axes[place], &stream) : centre[place]
    }
  }

  /// Another rank of an axis of at least two levels.
  private func other(than rank: Double, on axis: AxisRanks.Axis, _ stream: inout SearchStream) -> Double {
    if axis.isCategory {
      let other = min((axis.last * stream.uniform()).rounded(.down), axis.last - 1)
      return other < rank ? other : other + 1
    }
    let own = min(rank.rounded(), axis.last)
    // Draws that leave the axis are drawn again.
    for _ in 0..<20 {
      let change = size * axis.last * stream.normal()
      let other = own + (change < 0 ? min(-1, change.rounded()) : max(1, change.rounded()))
      if other >= 0, other <= axis.last { return other }
    }
    return own > 0 ? own - 1 : 1
  }
}
