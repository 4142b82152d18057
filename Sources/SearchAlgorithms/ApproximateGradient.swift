import SearchSpace

/// The paper's search: from a random start, poll every neighbour on the grid, move to the best while that is better.
///
/// A poll is complete before it decides anything, so all of its trials may run at once. Descents follow one another, each
/// from the next start that has no trial yet.
struct ApproximateGradient: SearchAlgorithm {
  static let description = AlgorithmDescription(
    name: "approximate_gradient", version: 1,
    summary: "From a random start, tries every neighbour on the grid and moves to the best while that is strictly "
      + "better; then starts again elsewhere.",
    citation: "L. Mahto and A. Chauhan, An approximate gradient based hyper-parameter optimization in a neural network "
      + "architecture.",
    options: [
      ParameterDescription(
        name: "preset", kind: .categorical(["paper"]), defaultValue: .string("paper"),
        help: "The form of the search: paper polls every neighbour and moves to the best.", tunable: false),
      ParameterDescription(
        name: "restarts", kind: .integer(minimum: 1, maximum: 1_000_000), defaultValue: nil,
        help:
          "How many descents, the first included; if left out, descents follow until the budget or the points are used up.",
        tunable: false),
    ], usesBudget: false, needsGrid: true, coversGrid: false
  ) { ApproximateGradient($0) }

  private enum Phase: Sendable {
    /// The start of a descent has no number yet.
    case start(Point, horizon: Int)
    /// The start of a descent runs.
    case started(Int)
    case poll(Poll)
    case ended(Exhaustion)
  }

  /// The neighbours of a centre.
  private struct Poll: Sendable {
    var centre: Int
    var horizon: Int
    /// Every neighbour, in poll order.
    var neighbours: [Neighbour]
    /// Those without a number, in poll order.
    var fresh: ArraySlice<Neighbour>
    /// The numbers given in this poll whose outcomes were not observed yet, ascending.
    var open: [Int] = []
  }

  private let space: ParameterSpace
  private let maximize: Bool
  private let restarts: Int
  private let starts: PointOrder
  private var nextPlace: UInt64 = 0
  private var numbers: [Point: Int] = [:]
  private var points: [Point] = []
  private var values: [Int: Double] = [:]
  private var finished: [Descent] = []
  private var path: [Int] = []
  private var phase: Phase = .ended(.spaceExhausted)

  init(_ context: AlgorithmContext) {
    space = context.space
    maximize = context.maximize
    if case .integer(let limit)? = context.options["restarts"] { restarts = limit } else { restarts = .max }
    starts = PointOrder(space: context.space, seed: context.seed, purpose: .starts)
    startDescent()
  }

  var needsHistory: Bool { true }

  var descents: [Descent]? {
    path.isEmpty ? finished : finished + [descent(stopReason: nil)]
  }

  func propose(_ number: Int) -> Proposal {
    switch phase {
    case .start(let point, let horizon):
      let origin = Origin(kind: "start", restart: finished.count + 1)
      return .suggestion(Suggestion(point: point, horizon: horizon, origin: origin))
    case .started(let start): return .awaits(start)
    case .poll(let poll):
      if let next = poll.fresh.first {
        let origin = Origin(
          kind: "poll", restart: finished.count + 1, centre: poll.centre, axis: next.axis,
          direction: next.direction.rawValue)
        return .suggestion(Suggestion(point: next.point, horizon: poll.horizon, origin: origin))
      }
      return .awaits(poll.open[0])
    case .ended(let reason): return .exhausted(reason)
    }
  }

  mutating func register(_ number: Int, _ suggestion: Suggestion) {
    numbers[suggestion.point] = number
    points.append(suggestion.point)
    switch phase {
    case .start:
      path = [number]
      phase = .started(number)
    case .poll(var poll):
      poll.fresh.removeFirst()
      poll.open.append(number)
      phase = .poll(poll)
    case .started, .ended: preconditionFailure("trial \(number) was not proposed")
    }
  }

  mutating func observe(_ number: Int, _ outcome: ObservedOutcome) {
    if case .completed(let value) = outcome { values[number] = value }
    switch phase {
    case .started:
      startPoll(at: number)
      decide()
    case .poll(var poll):
      poll.open.removeAll { $0 == number }
      phase = .poll(poll)
      decide()
    case .start, .ended: preconditionFailure("trial \(number) was not awaited")
    }
  }

  mutating func skip(to number: Int) { preconditionFailure("the trials themselves are needed") }

  private mutating func startDescent() {
    path = []
    guard finished.count < restarts else {
      phase = .ended(.converged)
      return
    }
    guard let (point, place) = nextStart else {
      phase = .ended(.spaceExhausted)
      return
    }
    // Each place is looked at once in all descents together.
    nextPlace = place + 1
    phase = .start(point, horizon: points.count)
  }

  /// The first start that has no trial yet, and its place in their order.
  private var nextStart: (point: Point, place: UInt64)? {
    var place = nextPlace
    while place < starts.count ?? .max {
      let point = starts.point(at: place)
      if numbers[point] == nil { return (point, place) }
      place += 1
    }
    return nil
  }

  /// Where the descent may go next: the neighbours of the best point so far, and of what is better or still open; and
  /// where the next descent starts.
  var likely: [Point] {
    switch phase {
    case .started(let start): return fresh(around: points[start - 1])
    case .poll(let poll):
      let known = poll.neighbours.compactMap { neighbour in
        numbers[neighbour.point].flatMap { number in values[number].map { (point: neighbour.point, value: $0) } }
      }
      let best = known.reduce(nil as (point: Point, value: Double)?) { best, next in
        best.map { isBetter(next.value, than: $0.value) } ?? true ? next : best
      }
      let centre = values[poll.centre]
      let next = finished.count + 1 < restarts ? nextStart.map { [$0.point] } ?? [] : []
      guard let best, centre.map({ isBetter(best.value, than: $0) }) ?? true else {
        return next + poll.open.flatMap { fresh(around: points[$0 - 1]) }
      }
      return fresh(around: best.point) + next
    case .start, .ended: return []
    }
  }

  private func fresh(around point: Point) -> [Point] {
    space.neighbours(of: point).map(\.point).filter { numbers[$0] == nil }
  }

  private mutating func startPoll(at centre: Int) {
    let neighbours = space.neighbours(of: points[centre - 1])
    phase = .poll(
      Poll(
        centre: centre, horizon: points.count, neighbours: neighbours,
        fresh: neighbours.filter { numbers[$0.point] == nil }[...]))
  }

  /// Moves or ends the descent once every neighbour is known. Each move is strictly better, so this ends.
  private mutating func decide() {
    while case .poll(let poll) = phase, poll.fresh.isEmpty, poll.open.isEmpty {
      var best: (number: Int, value: Double)?
      for neighbour in poll.neighbours {
        guard let number = numbers[neighbour.point], let value = values[number] else { continue }
        if best.map({ isBetter(value, than: $0.value) }) ?? true { best = (number, value) }
      }
      let centre = values[poll.centre]
      if let best, centre.map({ isBetter(best.value, than: $0) }) ?? true {
        path.append(best.number)
        startPoll(at: best.number)
      } else {
        finished.append(descent(stopReason: centre == nil ? "no_feasible_neighbour" : "local_optimum"))
        startDescent()
      }
    }
  }

  private func isBetter(_ a: Double, than b: Double) -> Bool { maximize ? a > b : a < b }

  private func descent(stopReason: String?) -> Descent {
    let optimum = path.last { values[$0] != nil }
    return Descent(
      restart: finished.count + 1, path: path, optimum: optimum, value: optimum.flatMap { values[$0] },
      stopReason: stopReason)
  }
}
