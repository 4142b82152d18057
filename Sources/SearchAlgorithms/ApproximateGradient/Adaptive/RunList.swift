/// What is known around a centre.
struct Survey: Sendable {
  /// The best neighbour that is strictly better than the centre; of equal ones the first trial. Nil where none is.
  var better: Int?
  /// Whether a neighbour's trial has no outcome yet.
  var isOpen = false
  /// Whether a neighbour has no trial.
  var hasUnseen = false
}

extension StepMesh {
  /// Looks at the neighbours of a centre that has a loss. O(neighbours).
  func survey(of centre: Int, _ state: RunState, in log: LearningLog) -> Survey {
    var found = Survey()
    var best = log.loss(of: centre) ?? .infinity
    for point in neighbours(of: log.point(of: centre), state) {
      guard let trial = log.index(of: point) else {
        found.hasUnseen = true
        continue
      }
      guard trial < log.told else {
        found.isOpen = true
        continue
      }
      guard let loss = log.loss(of: trial) else { continue }
      if loss < best || (loss == best && trial < found.better ?? -1) {
        best = loss
        found.better = trial
      }
    }
    return found
  }
}

extension AdaptiveGradient {
  /// Why a run ended.
  enum RunEnd: String {
    /// The outcomes of all neighbours are known, and none is better.
    case localOptimum = "local_optimum"
    /// Steps to neighbours failed too often.
    case noProgress = "no_progress"
    /// A neighbour had no outcome yet when all had a trial, and has none still.
    case open
    /// A neighbour is better that had no outcome when the run ended, or came in another run.
    case betterNeighbour = "better_neighbour"
    /// No trial of the run completed.
    case noFeasiblePoint = "no_feasible_point"
  }

  /// The runs so far: a run has ended where a later one has begun, where it was the last of `restarts`, and where every point
  /// of the space has an outcome. O(trials).
  func descents(_ log: LearningLog) -> [Descent] {
    let last = max(marks.last?.run ?? 0, fold.state.run)
    let paths = Dictionary(fold.paths.map { ($0.run, $0) }) { _, later in later }
    let isOver = log.isExhausted && log.told == log.count || hasConverged(log)
    return (0...last).compactMap { run in
      if run == last, marks.isEmpty { return nil }
      var path = paths[run]?.path ?? []
      let isSpent = paths[run]?.isSpent ?? false
      let hasEnded = run < last || isOver
      var state = run == fold.state.run ? fold.state : RunState(step: mesh.firstStep)
      if run < last, mesh.canDouble(state) { state.doublings = StepMesh.mostDoublings }
      if run == last, isOver, pollsAll || !isSpent {
        // Nothing is left to try: the run walks on among what is known.
        while let centre = path.last, let better = mesh.survey(of: centre, state, in: log).better {
          path.append(better)
        }
      }
      let optimum = path.last
      return Descent(
        restart: run + 1, path: path.map(log.number(of:)).filter { $0 > 0 },
        optimum: optimum.map(log.number(of:)).flatMap { $0 > 0 ? $0 : nil },
        value: optimum.flatMap(log.loss(of:)).map { log.maximize ? -$0 : $0 },
        stopReason: hasEnded ? end(of: optimum, state, isSpent: isSpent, in: log).rawValue : nil)
    }
  }

  private func hasConverged(_ log: LearningLog) -> Bool {
    if case .exhausted = suggest(log) { return true }
    return false
  }

  private func end(of optimum: Int?, _ state: RunState, isSpent: Bool, in log: LearningLog) -> RunEnd {
    guard let optimum else { return .noFeasiblePoint }
    let survey = mesh.survey(of: optimum, state, in: log)
    if survey.better != nil { return .betterNeighbour }
    if survey.hasUnseen { return .noProgress }
    return survey.isOpen ? .open : .localOptimum
  }
}
