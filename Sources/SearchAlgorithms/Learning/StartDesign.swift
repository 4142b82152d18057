/// The first points of a search: a Latin hypercube (McKay, Beckman and Conover 1979, doi:10.2307/1268522).
///
/// By axis a random permutation π, v = (π(i) + uniform) / size; of an ordered axis the inner 70 % of it, where asked for;
/// and the level ⌊v · levels⌋.
struct StartDesign: Sendable {
  /// How many starts every search has.
  static let size = 5

  private let seed: UInt64
  private let isInner: Bool
  private let order: [[Int]]

  /// The design of a space and a seed; `isInner`: ordered axes keep off their ends.
  init(axes: AxisRanks, seed: UInt64, isInner: Bool = true) {
    self.seed = seed
    self.isInner = isInner
    var stream = SearchStream(seed: seed, purpose: .designOrder)
    order = axes.axes.map { _ in stream.permutation(Self.size) }
  }

  /// The starts from an index on that have no trial.
  func rest(from index: Int, in log: LearningLog) -> [RankedPoint] {
    (index..<max(index, Self.size)).compactMap { point($0, in: log) }
  }

  /// The start of an index from 0 below `size`; where it has a trial already, a random point that has none. Nil where no
  /// point is left. A grid of fewer than `size` points is taken in its order.
  func point(_ index: Int, in log: LearningLog) -> RankedPoint? {
    if log.axes.pointCount ?? .max < Self.size { return log.firstUnseenPoint }
    var stream = SearchStream(seed: seed, purpose: .designJitter, index: index)
    let places = log.axes.axes.indices.map { axis in
      let place = (Double(order[axis][index]) + stream.uniform()) / Double(Self.size)
      return log.axes.axes[axis].rank(at: place, isInner: isInner)
    }
    let point = log.axes.point { places[$0] }
    return log.hasSeen(point) ? log.unseenPoint(&stream) : point
  }
}

extension AxisRanks.Axis {
  /// How much of an ordered axis lies outside at each end, where starts keep off the ends.
  private static let margin = 0.15

  /// The level at a place from 0 to 1; `isInner`: of an ordered axis the inner part is taken for the whole.
  func rank(at place: Double, isInner: Bool) -> Double {
    let inner = isInner && !isCategory ? Self.margin + (1 - 2 * Self.margin) * place : place
    return min((inner * count).rounded(.down), last)
  }
}

extension LearningLog {
  /// A point far from all that have a trial: of ten random ones the one whose nearest is farthest; nil where none is left.
  ///
  /// Ordered axes of three levels or more keep off their ends, where `isInner`, for the first 200 draws; after 400 draws,
  /// those of points with a trial counted, points are drawn from those without one. O(10 · trials · axes).
  func farPoint(_ stream: inout SearchStream, isInner: Bool = true) -> RankedPoint? {
    var draws = 0
    var found: (point: RankedPoint, distance: Double)?
    var unseen = 0
    while unseen < 10 {
      let point: RankedPoint
      if draws < 400 {
        draws += 1
        let keepsOff = isInner && draws <= 200
        let drawn = axes.point {
          axes.axes[$0].rank(at: stream.uniform(), isInner: keepsOff && axes.axes[$0].count >= 3)
        }
        if hasSeen(drawn) { continue }
        point = drawn
      } else {
        guard let drawn = unseenPoint(&stream) else { break }
        point = drawn
      }
      unseen += 1
      let distance = nearestDistance(to: point, above: found?.distance ?? -1)
      if distance > found?.distance ?? -1 { found = (point, distance) }
    }
    return found?.point
  }

  /// The squared distance of the nearest point that has a trial; any that is not above `least` says so.
  private func nearestDistance(to point: RankedPoint, above least: Double) -> Double {
    var nearest = Double.infinity
    for index in 0..<count {
      nearest = min(nearest, axes.squaredDistance(point, ranks(of: index)))
      if nearest <= least { break }
    }
    return nearest
  }
}
