import SearchSpace

/// The paper's search: from a random start, poll every neighbour on the grid, move to the best while that is better.
///
/// A poll is complete before it decides anything, so all of its trials may run at once. Descents follow one another, each
/// from the next start that has no trial yet.
struct PaperGradient: DescendingSearch {
  private enum Phase: Sendable {
    /// The start of a descent has no number yet.
    case start(Point, horizon: Int)
    /// The start of a descent runs.
    case started(Int)
    case poll(Poll)
    case ended(Exhaustion)
  }

  private let mesh: Mesh
  private let restarts: Int
  private var starts: Starts
  private var log: TrialLog
  private var path = DescentLog()
  private var phase: Phase = .ended(.spaceExhausted)

  init(_ context: AlgorithmContext) {
    mesh = Mesh(space: context.space)
    if case .integer(let limit)? = context.options["restarts"] { restarts = limit } else { restarts = .max }
    starts = Starts(space: context.space, seed: context.seed)
    log = TrialLog(maximize: context.maximize)
    startDescent()
  }

  var descents: [Descent] { path.all(in: log) }

  func propose(_ number: Int) -> Proposal {
    switch phase {
    case .start(let point, let horizon):
      let origin = Origin(kind: "start", ["restart": .integer(path.number)])
      return .suggestion(Suggestion(point: point, horizon: horizon, origin: origin))
    case .started(let start): return .awaits(start)
    case .poll(let poll):
      guard let next = poll.next else { return .awaits(poll.open[0]) }
      let origin = Origin(
        kind: "poll",
        [
          "restart": .integer(path.number), "centre": .integer(poll.centre), "axis": .string(next.axis),
          "direction": .string(next.direction.rawValue),
        ])
      return .suggestion(Suggestion(point: next.point, horizon: poll.horizon, origin: origin))
    case .ended(let reason): return .exhausted(reason)
    }
  }

  mutating func register(_ number: Int, _ suggestion: Suggestion) {
    log.register(number, suggestion.point)
    switch phase {
    case .start:
      path.move(to: number)
      phase = .started(number)
    case .poll(var poll):
      poll.register(number)
      phase = .poll(poll)
    case .started, .ended: preconditionFailure("trial \(number) was not proposed")
    }
  }

  mutating func admit(_ number: Int, _ point: Point) {
    log.register(number, point)
    switch phase {
    case .start(point, _): startDescent()
    case .poll(var poll):
      poll.admit(number, point)
      phase = .poll(poll)
    case .start, .started, .ended: break
    }
  }

  mutating func observe(_ number: Int, _ outcome: ObservedOutcome) {
    log.observe(number, outcome)
    switch phase {
    case .started(number): phase = .poll(Poll(of: number, on: mesh, in: log))
    case .poll(var poll):
      poll.observe(number)
      phase = .poll(poll)
    // Of a point that somebody asked for.
    case .start, .started, .ended: break
    }
    decide()
  }

  private mutating func startDescent() {
    if path.finished.count >= restarts {
      phase = .ended(.converged)
    } else if let start = starts.take(in: log) {
      phase = .start(start, horizon: log.count)
    } else {
      phase = .ended(.spaceExhausted)
    }
  }

  /// Moves or ends the descent once every neighbour is known. Each move is strictly better, so this ends.
  private mutating func decide() {
    while case .poll(let poll) = phase, poll.isComplete {
      if let better = poll.improvement(in: log) {
        path.move(to: better)
        phase = .poll(Poll(of: better, on: mesh, in: log))
      } else {
        path.end(log.value(of: poll.centre) == nil ? "no_feasible_neighbour" : "local_optimum", in: log)
        startDescent()
      }
    }
  }

  /// Where the descent may go next: the neighbours of the best point so far, and of what is better or still open; and
  /// where the next descent starts.
  func likely(_ guess: Int) -> [Point]? {
    guard guess == 0 else { return nil }
    switch phase {
    case .started(let start): return mesh.fresh(around: log.point(of: start), in: log)
    case .poll(let poll):
      let next = path.number < restarts ? starts.next(in: log).map { [$0] } ?? [] : []
      guard let better = poll.improvement(in: log) else {
        return next + poll.open.flatMap { mesh.fresh(around: log.point(of: $0), in: log) }
      }
      return mesh.fresh(around: log.point(of: better), in: log) + next
    case .start, .ended: return []
    }
  }
}
