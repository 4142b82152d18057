/// Points that a Gaussian process is asked about: what is near the best, and what is drawn.
struct ProcessCandidates {
  private let log: LearningLog
  private var found: Set<PointFingerprint> = []
  private(set) var points: [RankedPoint] = []

  /// The candidates near the points of some trials. Up to 800, none with a trial; half as many above 250 told trials, and
  /// fewer with more than 10 parameters, but at least 32 where there are as many.
  ///
  /// All points without a trial where they are at most 800. Else every change of one parameter of the best, as many draws
  /// near one of these (half the parameters, a fifth of their levels to either side), and draws anywhere.
  static func points(near best: [Int], in log: LearningLog, _ stream: inout SearchStream) -> [RankedPoint] {
    if let all = log.allUnseen(atMost: 800) { return all }
    var candidates = ProcessCandidates(log: log)
    let most = max(32, min(log.told > 250 ? 400 : 800, 8000 / log.axes.count))
    let centres = best.prefix(max(1, most / (2 * log.axes.count))).map(log.point(of:))
    candidates.changeOne(of: centres, most: most / 2, &stream)
    for _ in 0..<most / 2 where candidates.points.count < most {
      let centre = log.point(of: best[stream.integer(below: best.count)])
      candidates.add(candidates.near(centre, &stream))
    }
    for _ in 0..<2 * most where candidates.points.count < most {
      candidates.add(log.axes.point { log.axes.axes[$0].rank(at: stream.uniform(), isInner: false) })
    }
    for _ in candidates.points.count..<max(candidates.points.count, 32) {
      if let point = log.unseenPoint(&stream) { candidates.add(point) }
    }
    return candidates.points
  }

  private init(log: LearningLog) { self.log = log }

  private mutating func add(_ point: RankedPoint) {
    guard !log.hasSeen(point), found.insert(log.axes.fingerprint(of: point)).inserted else { return }
    points.append(point)
  }

  /// Changes of one parameter: every other level, or, where that makes too many, drawn ones spread evenly over the axis.
  private mutating func changeOne(of centres: [RankedPoint], most: Int, _ stream: inout SearchStream) {
    let axes = log.axes.axes
    let changes = axes.reduce(0) { $0 + $1.last } * Double(centres.count)
    let share = max(1, Double(most / max(1, centres.count * axes.count)))
    for centre in centres {
      for (place, axis) in axes.enumerated() where centre[place] >= 0 && axis.last > 0 {
        let count = changes > Double(most) ? min(share, axis.count) : axis.count
        for part in 0..<Int(count) {
          let offset = count < axis.count ? stream.uniform() : 0
          let rank = min(((Double(part) + offset) * axis.count / count).rounded(.down), axis.last)
          guard rank != centre[place] else { continue }
          add(replacing(centre, &stream) { changed, _ in changed == place ? rank : nil })
        }
      }
    }
  }

  /// A point with about half the parameters changed: a category to any, a number by up to a fifth of its levels; over a
  /// range without a grid by a fifth of it or a smaller part, drawn on a scale of powers of 2.
  private func near(_ centre: RankedPoint, _ stream: inout SearchStream) -> RankedPoint {
    replacing(centre, &stream) { place, stream in
      let axis = log.axes.axes[place]
      guard stream.uniform() < 0.5 else { return nil }
      if axis.isCategory { return axis.rank(at: stream.uniform(), isInner: false) }
      var reach = 1 + (0.2 * axis.count).rounded(.down)
      if axis.isContinuous { reach = (reach / Double(1 << stream.integer(below: 12))).rounded(.down) }
      let low = max(0, centre[place] - reach)
      let high = min(axis.last, centre[place] + reach)
      return low + ((high - low + 1) * stream.uniform()).rounded(.down)
    }
  }

  /// A point with other ranks where `change` gives some; parameters that come in with them are drawn.
  private func replacing(
    _ centre: RankedPoint, _ stream: inout SearchStream, _ change: (Int, inout SearchStream) -> Double?
  ) -> RankedPoint {
    log.axes.point { place in
      if centre[place] < 0 { return log.axes.axes[place].rank(at: stream.uniform(), isInner: false) }
      return change(place, &stream) ?? centre[place]
    }
  }
}
