/// Where a search is after some outcomes: its run, the run's centre, and how large a step it takes.
struct RunState: Sendable, Hashable {
  /// The run, from 0.
  var run = 0
  /// The trial whose point is the centre; nil before a start of the run completed.
  var centre: Int?
  /// The step size τ: the share of an ordered axis that a step may go.
  var step: Double
  /// How many steps in a row brought nothing.
  var fails = 0
  /// Whether the unit mesh failed often enough: what is left is the poll of the centre's neighbours, or the run's end.
  var isSpent = false
  /// How often the levels of ranges without a grid were doubled.
  var doublings = 0

  /// Before the first outcome.
  init(step: Double) { self.step = step }

  /// A new run begins.
  mutating func begin(_ run: Int, step: Double) {
    self = RunState(step: step)
    self.run = run
  }

  /// The centre moves to a trial, and all begins anew around it.
  mutating func move(to trial: Int, step: Double) {
    centre = trial
    self.step = step
    fails = 0
    isSpent = false
  }
}

/// The state as a fold over the outcomes, trial by trial.
struct RunFold: Sendable {
  /// A failure at the unit mesh for the sixth time ends its use; at a larger one the second halves it.
  private static let unitPatience = 6
  private static let patience = 2
  /// This many failures in a row may move along a plateau.
  private static let plateauPatience = 3
  /// A success widens the step.
  private static let growth = 1.3

  private let mesh: StepMesh
  /// The state after all outcomes so far.
  private(set) var state: RunState
  /// By run that had an outcome: the trials that were its centres, in order, and whether it was spent.
  private(set) var paths: [(run: Int, path: [Int], isSpent: Bool)] = []

  /// Before the first outcome.
  init(_ mesh: StepMesh) {
    self.mesh = mesh
    state = RunState(step: mesh.firstStep)
  }

  /// The outcome of the next trial, `log.told − 1`, is known. O(axes).
  mutating func learn(_ log: LearningLog, _ mark: StepMark) {
    guard mark.run >= state.run else { return }
    if mark.run > state.run || paths.isEmpty {
      // The run before ended where it had moved to last.
      if let moved = mark.movedTo, !paths.isEmpty { paths[paths.count - 1].path.append(moved) }
      state.begin(mark.run, step: mesh.firstStep)
      paths.append((mark.run, [], false))
    }
    take(log.told - 1, mark, in: log)
    paths[paths.count - 1].isSpent = state.isSpent
  }

  private mutating func take(_ trial: Int, _ mark: StepMark, in log: LearningLog) {
    let loss = log.loss(of: trial)
    guard let centre = state.centre.flatMap({ log.loss(of: $0) }) else {
      if loss != nil { enter(trial) }
      if loss != nil, !mark.isStart { (state.step, state.doublings) = (mark.step, mark.doublings) }
      return
    }
    if mark.isStart {
      if let loss, loss < centre { enter(trial) }
      return
    }
    var best = centre
    if let moved = mark.movedTo, let other = log.loss(of: moved), other < best {
      // Several trials that were made together may name one move; the first of them makes it.
      enter(moved)
      (state.fails, state.isSpent, best) = (0, false, other)
    }
    (state.step, state.doublings) = (mark.step, mark.doublings)
    guard let loss, loss < best else { return fail(trial, walks: loss == best) }
    enter(trial)
    state.move(to: trial, step: min(Self.growth * state.step, mesh.firstStep))
  }

  /// A step brought nothing better; `walks`: it brought the same.
  private mutating func fail(_ trial: Int, walks: Bool) {
    if walks, state.fails < Self.plateauPatience { enter(trial) }
    state.fails += 1
    if mesh.isUnit(state) {
      guard state.fails >= Self.unitPatience else { return }
      if mesh.canDouble(state) {
        state.doublings += 1
        state.fails = 0
      } else {
        state.isSpent = true
      }
    } else if state.fails >= Self.patience {
      state.step /= 2
      state.fails = 0
    }
  }

  private mutating func enter(_ trial: Int) {
    state.centre = trial
    paths[paths.count - 1].path.append(trial)
  }
}
