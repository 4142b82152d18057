import SearchSpace

/// The configurations of a bracket on one rung: all are tried before it is decided which of them go on.
struct Rung: Sendable {
  /// Which bracket it belongs to, from 1.
  let bracket: Int
  /// The rung that the bracket began on, and how many rungs above that it is.
  let first: Int
  let step: Int
  /// How many configurations the bracket began with.
  let starts: Int
  /// The last trial whose outcome was known when the rung began.
  let horizon: Int
  private let members: [Point]
  /// Those without a trial, in order.
  private var fresh: ArraySlice<Point>
  /// The trials of this rung whose outcomes were not observed yet, ascending.
  private var open: ArraySlice<Int> = []

  init(bracket: Int, first: Int, step: Int, starts: Int, members: [Point], in log: TrialLog) {
    self.bracket = bracket
    self.first = first
    self.step = step
    self.starts = starts
    self.members = members
    horizon = log.count
    fresh = members.filter { log.number(of: $0) == nil }[...]
    // Members that somebody asked for, and that still run.
    open = log.open(of: members)[...]
  }

  /// Its place on the ladder.
  var level: Int { first + step }

  /// The next point to try; nil where all have a trial.
  var next: Point? { fresh.first }

  /// The first trial whose outcome is still to be observed.
  var awaited: Int? { open.first }

  /// Whether every outcome is known.
  var isComplete: Bool { fresh.isEmpty && open.isEmpty }

  /// The next point became a trial.
  mutating func register(_ number: Int) {
    fresh.removeFirst()
    open.append(number)
  }

  /// Somebody asked for a point: where it is a member, its outcome is one of the rung's.
  mutating func admit(_ number: Int, _ point: Point) {
    guard let place = fresh.firstIndex(of: point) else { return }
    fresh.remove(at: place)
    open.append(number)
  }

  /// A trial of the rung has an outcome.
  mutating func observe(_ number: Int) {
    if open.first == number { open.removeFirst() } else { open.removeAll { $0 == number } }
  }

  /// The best `count` of those that completed so far, best first.
  func best(_ count: Int, in log: TrialLog) -> [Int] {
    Array(log.ranked(members.lazy.compactMap { log.number(of: $0) }).prefix(count))
  }
}
