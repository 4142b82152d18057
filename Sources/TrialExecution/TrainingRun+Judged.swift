import ModelTraining
import PruningRules
import Studies

/// Trials that a rule may end early: their streams advance together, and each step of the curve that all of them have is
/// judged by its mean. What the record has is judged as if it ran.
extension TrainingRun {
  /// Reports every trial of a group.
  mutating func trainJudged(_ group: TrainingGroup, early: (WorkReport) -> Void) throws {
    let open = group.goals.filter { !answer($0, of: group) }
    guard let longest = open.map(\.end).max() else { return }
    var streams = group.streams.indices.map { index in
      JudgedStream(answer: recorded(open.map(\.end), of: group, index)?.last)
    }
    let missing = streams.indices.filter { streams[$0].answer == nil }
    let requests = try missing.map { try request(group, $0) }
    _ = try withTrajectories(group, Array(zip(missing, requests))[...], taken: []) { run, taken in
      for (index, trajectory) in zip(missing, taken) { streams[index].trajectory = trajectory }
      let steps = taken[0].curveSteps(below: longest)
      var progress = JudgedProgress(
        group: group, streams: streams, open: open, curveSteps: Set(steps), metric: run.work.definition.metric,
        limit: run.work.secondsLimit, now: run.now)
      let stops = Set(steps + open.map(\.end)).union(group.passing.filter { $0 < longest })
      for stop in stops.sorted() {
        let known = run.report.trials.count
        guard let last = progress.open.map(\.end).max(), stop <= last, run.advance(&progress, to: stop) else { break }
        if run.report.trials.count > known, run.isTimeToTell { run.tell(early) }
      }
    }
  }

  /// Answers a trial from the record; false where it lacks something. A training that diverged has no curve there, so that
  /// it cannot be judged, and is trained once more.
  private mutating func answer(_ goal: TrainingGroup.Goal, of group: TrainingGroup) -> Bool {
    let known = group.streams.indices.compactMap { recorded([goal.end], of: group, $0)?.first }
    guard known.count == group.streams.count else { return false }
    guard let number = goal.trial?.number else { return true }
    let (origin, seconds) = (
      origin(of: known, streams: known.count), uncharged(known, of: group, end: goal.end)
    )
    let curve = LearningCurve(
      meanOf: known.compactMap { if case .finished(let curve) = $0.outcome { curve } else { nil } })
    let verdict = goal.judge?.firstVerdict(in: curve.judged(by: work.definition.metric, below: goal.end))
    report.seconds[number] = 0
    report.shared[number] = shared(group, Array(known.indices), of: known, through: goal.end)
    if case .prune(let step, let value, _)? = verdict {
      report.trials[number] = .pruned(
        step, value, curve.prefix(through: step), computeSeconds: seconds, reusedFrom: origin)
    } else {
      report.trials[number] = TrialReport(
        known, metric: work.definition.metric, computeSeconds: seconds, reusedFrom: origin)
    }
    return true
  }

  /// What the record has of a stream at some ends, ascending; nil where it lacks one of them, its folds or its curve.
  private func recorded(_ ends: [Int], of group: TrainingGroup, _ index: Int) -> [RecordedEvaluation]? {
    let found = ends.sorted().compactMap { end -> RecordedEvaluation? in
      guard let evaluation = group.keys[index][end].flatMap({ known[$0] }), case .finished = evaluation.outcome,
        evaluation.isWhole(folds: work.definition.split.folds)
      else { return nil }
      return evaluation
    }
    return found.count == ends.count ? found : nil
  }

  /// Takes the trainings of some streams, in their order everywhere, so that nobody waits for somebody who waits for them.
  private mutating func withTrajectories(
    _ group: TrainingGroup, _ wanted: ArraySlice<(Int, EvaluationRequest)>, taken: [any TrainingTrajectory],
    work body: (inout TrainingRun, [any TrainingTrajectory]) throws -> Void
  ) throws {
    guard let (index, request) = wanted.first else { return try body(&self, taken) }
    _ = try trajectories.withTrajectory(
      trajectoryKey(group, index), isCancelled: { [work] in group.isCancelled(work) },
      make: { try model.trajectory(request, sharing: foldCache) }
    ) { trajectory in
      try withTrajectories(group, wanted.dropFirst(), taken: taken + [trajectory], work: body)
    }
  }

  /// Brings every stream to a step and decides what is to be decided there; false where nobody wants more.
  private mutating func advance(_ progress: inout JudgedProgress, to stop: Int) -> Bool {
    let group = progress.group
    var points: [LearningCurve] = []
    for index in group.streams.indices {
      if let answer = progress.streams[index].curve {
        if let point = answer.point(at: stop) { points.append(point) }
        continue
      }
      guard let outcome = progress.outcome(of: index, at: stop, isCancelled: { group.isCancelled(work) }) else {
        if progress.isOverdue { endOverdue(group, progress.open.map(\.end)) }
        return false
      }
      if case .diverged = outcome {
        end(&progress, diverged: outcome, index)
        return false
      }
      let evaluation = RecordedEvaluation.Outcome(outcome)
      if case .finished(let curve) = evaluation { points.append(curve.last) }
      progress.streams[index].evaluation = record(
        outcome, of: group, index, end: stop, computeSeconds: progress.streams[index].seconds)
      if progress.streams[index].evaluation != nil { progress.streams[index].seconds = 0 }
    }
    progress.add(points, at: stop)
    for goal in progress.open { decide(goal, &progress, at: stop) }
    return true
  }

  /// Ends every trial that is open where a stream diverged.
  private mutating func end(_ progress: inout JudgedProgress, diverged outcome: EvaluationOutcome, _ index: Int) {
    for goal in progress.open {
      record(outcome, of: progress.group, index, end: goal.end, computeSeconds: progress.streams[index].seconds)
      let spent = progress.takeSpent()
      guard let number = goal.trial?.number else { continue }
      report.seconds[number] = spent.wall
      report.trials[number] = .infeasible(reason: "diverged", computeSeconds: spent.compute)
    }
    progress.open = []
  }

  /// Ends a trial where its rule says so, or where its training ends.
  private mutating func decide(_ goal: TrainingGroup.Goal, _ progress: inout JudgedProgress, at stop: Int) {
    if stop == goal.end {
      progress.close(goal)
      let spent = progress.takeSpent()
      guard let number = goal.trial?.number else { return }
      let answers = recorded([goal.end], of: progress)
      let evaluations = progress.streams.indices.compactMap { answers[$0] ?? progress.streams[$0].evaluation }
      report.seconds[number] = spent.wall
      report.shared[number] = shared(progress.group, Array(answers.keys), of: evaluations, through: goal.end)
      report.trials[number] = TrialReport(
        evaluations, metric: work.definition.metric,
        computeSeconds: spent.compute + uncharged(Array(answers.values), of: progress.group, end: goal.end),
        reusedFrom: nil)
    } else if case .prune(let step, let value, _)? = progress.verdict(on: goal, at: stop) {
      progress.close(goal)
      let spent = progress.takeSpent()
      guard let number = goal.trial?.number else { return }
      report.seconds[number] = spent.wall
      report.trials[number] = .pruned(step, value, progress.curve, computeSeconds: spent.compute, reusedFrom: nil)
    }
  }

  /// By stream: what the record has at some ends of the streams that it answers.
  private func recorded(_ ends: [Int], of progress: JudgedProgress) -> [Int: RecordedEvaluation] {
    var answers: [Int: RecordedEvaluation] = [:]
    for index in progress.streams.indices where progress.streams[index].answer != nil {
      answers[index] = recorded(ends, of: progress.group, index)?.first
    }
    return answers
  }
}

extension TrialReport {
  /// A trial that was pruned at the last point of its curve.
  fileprivate static func pruned(
    _ step: Int, _ value: Double, _ curve: LearningCurve, computeSeconds: Double, reusedFrom: String?
  ) -> TrialReport {
    .pruned(
      step: step, value: value, metrics: curve.lastMetrics, curve: curve, computeSeconds: computeSeconds,
      reusedFrom: reusedFrom)
  }
}
