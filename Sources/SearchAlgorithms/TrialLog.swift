import SearchSpace

/// The trials of a search that learns: their points and, where they completed, their values and tie-breaks.
struct TrialLog: Sendable {
  private let maximize: Bool
  private var points: [Point] = []
  private var numbers: [Point: Int] = [:]
  private var values: [Int: Double] = [:]
  private var tieBreaks: [Int: Double] = [:]
  private var told: Set<Int> = []

  /// An empty log; `maximize` says whether larger values are better.
  init(maximize: Bool) { self.maximize = maximize }

  /// How many trials there are, which is the highest number.
  var count: Int { points.count }

  /// The point of a trial.
  func point(of number: Int) -> Point { points[number - 1] }

  /// The last trial of a point, or nil.
  func number(of point: Point) -> Int? { numbers[point] }

  /// The value of a trial; nil while it runs, and where it has none.
  func value(of number: Int) -> Double? { values[number] }

  /// Whether the outcome of a trial was observed.
  func isTold(_ number: Int) -> Bool { told.contains(number) }

  /// The trials of some points whose outcomes were not observed yet, ascending.
  func open(of points: some Sequence<Point>) -> [Int] {
    points.compactMap { numbers[$0] }.filter { !told.contains($0) }.sorted()
  }

  /// Whether a value is strictly better than another one.
  func isBetter(_ a: Double, than b: Double) -> Bool { maximize ? a > b : a < b }

  /// Those of some trials that have a value, best first; of equal ones first the better tie-break, none last, and then the
  /// lower number.
  func ranked(_ trials: some Sequence<Int>) -> [Int] {
    trials.compactMap { number in values[number].map { (number: number, value: $0) } }.sorted { one, other in
      if one.value != other.value { return isBetter(one.value, than: other.value) }
      let (tie, otherTie) = (tieBreaks[one.number] ?? .infinity, tieBreaks[other.number] ?? .infinity)
      return tie != otherTie ? tie < otherTie : one.number < other.number
    }.map(\.number)
  }

  /// The trial with the best value of some; of equal ones the first, whatever their tie-breaks. Nil where none has a value.
  func best(of trials: some Sequence<Int>) -> (number: Int, value: Double)? {
    var best: (number: Int, value: Double)?
    for number in trials {
      guard let value = values[number] else { continue }
      if best.map({ isBetter(value, than: $0.value) }) ?? true { best = (number, value) }
    }
    return best
  }

  /// Records the point of the next trial.
  mutating func register(_ number: Int, _ point: Point) {
    precondition(number == count + 1, "trials are registered in order")
    points.append(point)
    numbers[point] = number
  }

  /// Records an outcome; only a completed trial has a value.
  mutating func observe(_ number: Int, _ outcome: ObservedOutcome) {
    told.insert(number)
    if case .completed(let value, let tieBreak) = outcome {
      values[number] = value
      tieBreaks[number] = tieBreak
    }
  }
}
