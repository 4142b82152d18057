import SearchSpace

/// The adaptive form: a smoothed quadratic of what is known around the best point of a run, minimised over the points of a
/// box that have no trial.
///
/// The box is ±τ of each axis. Success widens it, failure halves it, down to the neighbours on the grid; then the run ends,
/// and the next one begins far from all that has been tried. The gradient is that of the quadratic: the approximate gradient
/// of L. Mahto and A. Chauhan by Gaussian smoothing, with the mesh of C. Audet and J. E. Dennis (2006,
/// doi:10.1137/040603371).
struct AdaptiveGradient: DescendingMethod {
  /// How much trust a prediction gets for being uncertain.
  private static let curiosity = 0.25

  private let options: AdaptiveOptions
  private let seed: UInt64
  private let design: StartDesign
  private let candidates: StepCandidates
  private let terms: StepFeatures.Terms
  let mesh: StepMesh
  private(set) var fold: RunFold
  private(set) var marks: [StepMark] = []
  /// How many starts of the last run were handed out.
  private var starts = 0

  init(_ context: AlgorithmContext, axes: AxisRanks) {
    options = AdaptiveOptions(context.options)
    seed = context.seed
    mesh = StepMesh(axes: axes, firstStep: options.step, wraps: options.wraps)
    design = StartDesign(axes: axes, seed: seed, isInner: options.startsInside)
    terms = StepFeatures.Terms(hasCurvature: options.gradient == .gaussianSmoothing, ordered: mesh.ordered.count)
    let categories = mesh.categories.reduce(0) { $0 + Int(axes.axes[$1].last) }
    candidates = StepCandidates(mesh, features: terms.count(ordered: mesh.ordered.count) + min(categories, 64))
    fold = RunFold(mesh)
  }

  /// Whether a run ends only when its neighbours have been tried.
  var pollsAll: Bool { options.pollsAll }

  mutating func register(_ origin: Origin, in log: LearningLog) {
    let last = marks.last?.run ?? 0
    let mark = StepMark(origin, run: last, in: log)
    if mark.run > last { starts = 0 }
    if mark.isStart { starts += 1 }
    marks.append(mark)
  }

  /// A point that the search did not choose is one more to start from: where it is better than the centre, the run goes on
  /// from it.
  mutating func admit(_ log: LearningLog) { marks.append(StepMark(run: marks.last?.run ?? 0, isStart: true)) }

  mutating func learn(_ log: LearningLog) { fold.learn(log, marks[log.told - 1]) }

  func suggest(_ log: LearningLog) -> MethodChoice {
    switch plan(log) {
    case .start(let point, let mark): return .point(point, mark.origin(in: log))
    case .step(let step): return .point(step.best, step.origin(mesh, in: log))
    case .exhausted(let reason): return .exhausted(reason)
    }
  }

  func likely(_ log: LearningLog) -> [RankedPoint] {
    switch plan(log) {
    case .start(let point, let mark):
      mark.run == 0 && starts < StartDesign.size ? design.rest(from: starts, in: log) : [point]
    case .step(let step): step.ranking(8)
    case .exhausted: []
    }
  }

  /// What the next trial is.
  private enum Plan {
    case start(RankedPoint, StepMark)
    case step(ScoredStep)
    case exhausted(Exhaustion)
  }

  private func plan(_ log: LearningLog) -> Plan {
    var state = fold.state
    var starts = starts
    var stream = SearchStream(seed: seed, purpose: .gradientProposal, index: log.suggested)
    var movedTo: Int?
    if let last = marks.last, last.run > state.run { state.begin(last.run, step: mesh.firstStep) }
    while true {
      if state.isSpent, !options.pollsAll { begin(state.run + 1, &state, &starts) }
      if state.run >= options.restarts { return .exhausted(.converged) }
      guard starts >= (state.run == 0 ? StartDesign.size : 1), let centre = state.centre else {
        let point =
          state.run == 0 && starts < StartDesign.size
          ? design.point(starts, in: log) : log.farPoint(&stream, isInner: options.startsInside)
        let mark = StepMark(run: state.run, isStart: true, movedTo: movedTo)
        return point.map { .start($0, mark) } ?? .exhausted(.spaceExhausted)
      }
      let point = log.point(of: centre)
      let found =
        state.isSpent
        ? candidates.poll(around: point, state, in: log) : candidates.points(around: point, state, in: log, &stream)
      if !found.isEmpty {
        let mark = StepMark(
          run: state.run, isStart: false, step: state.step, movedTo: movedTo, doublings: state.doublings)
        return .step(score(found, around: point, state, mark, centre, in: log, &stream))
      }
      guard state.isSpent || mesh.isUnit(state) else {
        state.step /= 2
        continue
      }
      if let better = mesh.survey(of: centre, state, in: log).better {
        state.move(to: better, step: mesh.firstStep)
        movedTo = better
      } else if mesh.canDouble(state) {
        state.doublings += 1
        (state.fails, state.isSpent) = (0, false)
      } else {
        begin(state.run + 1, &state, &starts)
      }
    }
  }

  private func begin(_ run: Int, _ state: inout RunState, _ starts: inout Int) {
    state.begin(run, step: mesh.firstStep)
    starts = 0
  }

  /// Weighs the candidates by two models, of three and of six whole trials.
  private func score(
    _ points: [RankedPoint], around centre: RankedPoint, _ state: RunState, _ mark: StepMark, _ trial: Int,
    in log: LearningLog, _ stream: inout SearchStream
  ) -> ScoredStep {
    let features = StepFeatures(mesh, terms, around: centre, state, in: log)
    let flattening = Flattening(log)
    let bowl = InnerBowl(mesh, weight: options.startsInside ? InnerBowl.usual : 0, flattening.values)
    let z = bowl.without(flattening.values, in: log)
    var weights = SmoothingWeights(features, isNarrow: options.gradient == .finiteDifference, in: log)
    _ = weights.widen(to: 3)
    let narrow = LocalModel(features, weights.weights, z, in: log)
    let wide = weights.widen(to: 6) ? LocalModel(features, weights.weights, z, in: log) : narrow
    let (first, second) = (narrow.predict(points), wide.predict(points))
    var predictions: [ScoredStep.Prediction] = []
    predictions.reserveCapacity(points.count)
    for (place, point) in points.enumerated() {
      let mean = (first[place].mean + second[place].mean) / 2 + bowl.height(of: point)
      let deviation = (first[place].deviation + second[place].deviation) / 2
      let score = mean - Self.curiosity * deviation + 1e-9 * stream.uniform()
      predictions.append(ScoredStep.Prediction(mean: mean, deviation: deviation, score: score))
    }
    return ScoredStep(
      mark: mark, centre: trial, points: points, predictions: predictions,
      gradient: zip(narrow.gradient, wide.gradient).map { ($0 + $1) / 2 }, flattening: flattening)
  }
}
