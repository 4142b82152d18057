/// The points near a centre that may be the next trial.
struct StepCandidates: Sendable {
  /// At most this many points at a time are enumerated, or drawn.
  static let most = 800
  /// And at least this many, however many features a model has.
  static let least = 32
  /// A draw replaces each category with this probability.
  private static let replacement = 0.3

  let mesh: StepMesh
  /// How many points are drawn.
  let limit: Int

  /// The candidates of a mesh, for models of this many features.
  init(_ mesh: StepMesh, features: Int) {
    self.mesh = mesh
    limit = min(max(2_000_000 / (features * features), Self.least), Self.most)
  }

  /// The points without a trial in the box around a centre: those that differ from it on one axis; and all with one category
  /// changed at most, where the box has few enough, else draws of it. O(limit · axes).
  func points(
    around centre: RankedPoint, _ state: RunState, in log: LearningLog, _ stream: inout SearchStream
  ) -> [RankedPoint] {
    let ranges = ranges(around: centre, state)
    var found = Found(log: log)
    addSingle(ranges, centre, to: &found)
    let size = ranges.reduce(1.0) { $0 * Double($1.count) }
    if size <= Double(limit) {
      addAll(ranges, centre, to: &found)
    } else {
      addDrawn(ranges, centre, &stream, to: &found)
    }
    return found.points
  }

  /// The neighbours of a centre that have no trial.
  func poll(around centre: RankedPoint, _ state: RunState, in log: LearningLog) -> [RankedPoint] {
    var found = Found(log: log)
    for point in mesh.neighbours(of: centre, state) { found.add(point) }
    return found.points
  }

  /// By axis: the levels of the box; of an axis that the centre lacks, all.
  private func ranges(around centre: RankedPoint, _ state: RunState) -> [StepRange] {
    mesh.axes.axes.indices.map { place in
      let axis = mesh.axes.axes[place]
      if axis.isOrdered {
        let reach = centre[place] < 0 ? .infinity : mesh.reach(place, state).rounded(.down)
        return mesh.range(place, around: centre[place] < 0 ? 0 : centre[place], most: reach, state)
      }
      return StepRange(start: 0, spacing: 1, count: Int(axis.count), last: axis.last, wraps: false)
    }
  }

  private func addSingle(_ ranges: [StepRange], _ centre: RankedPoint, to found: inout Found) {
    let total = ranges.reduce(0) { $0 + $1.count - 1 }
    let share = max(2, limit / max(ranges.count, 1))
    for (place, range) in ranges.enumerated() where centre[place] >= 0 && range.count > 1 {
      let count = total > limit ? min(range.count, share) : range.count
      for index in 0..<count {
        let level = count == range.count ? index : index * (range.count - 1) / (count - 1)
        var point = centre
        point[place] = range[level]
        if point[place] != centre[place] { found.add(mesh.axes.settled(point)) }
      }
    }
  }

  private func addAll(_ ranges: [StepRange], _ centre: RankedPoint, to found: inout Found) {
    var places = [Int](repeating: 0, count: ranges.count)
    while true {
      let point = mesh.axes.point { ranges[$0][places[$0]] }
      if changes(point, centre) <= 1 { found.add(point) }
      var axis = 0
      while axis < places.count {
        places[axis] += 1
        if places[axis] < ranges[axis].count { break }
        places[axis] = 0
        axis += 1
      }
      if axis == places.count { return }
    }
  }

  private func addDrawn(
    _ ranges: [StepRange], _ centre: RankedPoint, _ stream: inout SearchStream, to found: inout Found
  ) {
    for _ in 0..<limit {
      let point = mesh.axes.point { place in
        let range = ranges[place]
        guard mesh.axes.axes[place].isCategory, centre[place] >= 0 else {
          return range[range.count == 1 ? 0 : stream.integer(below: range.count)]
        }
        guard range.count > 1, stream.uniform() < Self.replacement else { return centre[place] }
        return range[stream.integer(below: range.count)]
      }
      if changes(point, centre) <= 1 { found.add(point) }
    }
  }

  /// How many categories differ that both points have.
  private func changes(_ point: RankedPoint, _ centre: RankedPoint) -> Int {
    mesh.categories.count { point[$0] != centre[$0] && point[$0] >= 0 && centre[$0] >= 0 }
  }

  /// Points without a trial, each once.
  private struct Found {
    let log: LearningLog
    var points: [RankedPoint] = []
    private var met: Set<PointFingerprint> = []

    init(log: LearningLog) { self.log = log }

    mutating func add(_ point: RankedPoint) {
      let print = log.axes.fingerprint(of: point)
      if !log.hasSeen(print), met.insert(print).inserted { points.append(point) }
    }
  }
}
