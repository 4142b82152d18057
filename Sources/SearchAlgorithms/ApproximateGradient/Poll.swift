import SearchSpace

/// All points around a centre, tried before anything is decided.
struct Poll: Sendable {
  /// The trial number of the centre.
  let centre: Int
  /// The last trial whose outcome was known when the poll began.
  let horizon: Int
  private let neighbours: [Neighbour]
  /// Those without a trial, in poll order.
  private var fresh: ArraySlice<Neighbour>
  /// The trials of this poll whose outcomes were not observed yet, ascending.
  private(set) var open: [Int] = []

  /// A poll of a trial's neighbours.
  init(of centre: Int, on mesh: Mesh, in log: TrialLog) {
    self.centre = centre
    horizon = log.count
    neighbours = mesh.around(log.point(of: centre))
    fresh = neighbours.filter { log.number(of: $0.point) == nil }[...]
    // Neighbours that somebody asked for, and that still run.
    open = log.open(of: neighbours.lazy.map(\.point))
  }

  /// The next neighbour to try; nil where all have a trial.
  var next: Neighbour? { fresh.first }

  /// Whether every neighbour's outcome is known.
  var isComplete: Bool { fresh.isEmpty && open.isEmpty }

  /// The next neighbour became a trial.
  mutating func register(_ number: Int) {
    fresh.removeFirst()
    open.append(number)
  }

  /// Somebody asked for a point: where it is a neighbour, its outcome is one of the poll's.
  mutating func admit(_ number: Int, _ point: Point) {
    guard let place = fresh.firstIndex(where: { $0.point == point }) else { return }
    fresh.remove(at: place)
    open.append(number)
  }

  /// A trial of the poll has an outcome.
  mutating func observe(_ number: Int) { open.removeAll { $0 == number } }

  /// The best neighbour so far that is strictly better than the centre, or than none where the centre has no value.
  func improvement(in log: TrialLog) -> Int? {
    guard let best = log.best(of: neighbours.lazy.compactMap { log.number(of: $0.point) }) else { return nil }
    return log.value(of: centre).map { log.isBetter(best.value, than: $0) } ?? true ? best.number : nil
  }
}
