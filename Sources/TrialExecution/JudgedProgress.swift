import ModelTraining
import PruningRules
import Studies

/// One stream of a training that is judged: it is in the record, or it advances.
struct JudgedStream {
  /// The recorded evaluation of the longest end; nil where it is trained.
  var answer: RecordedEvaluation?
  var trajectory: (any TrainingTrajectory)?
  /// What it gave at the last stop, where that has a key.
  var evaluation: RecordedEvaluation?
  /// Processor time since what it gave was last recorded.
  var seconds = 0.0
  /// How long its training has taken from its beginning, in seconds; 0 while nothing had to be trained.
  var trainedSeconds = 0.0

  init(answer: RecordedEvaluation?) { self.answer = answer }

  /// The recorded curve.
  var curve: LearningCurve? {
    if case .finished(let curve)? = answer?.outcome { curve } else { nil }
  }
}

/// How far the streams of a training have come together, and which trials of it have not ended.
struct JudgedProgress {
  let group: TrainingGroup
  var streams: [JudgedStream]
  var open: [TrainingGroup.Goal]
  /// The mean curve so far, at the steps that every stream has.
  private(set) var curve = LearningCurve(names: [])
  private let curveSteps: Set<Int>
  private let metric: String
  /// The most seconds that its streams may take together; nil: any time.
  private let limit: Double?
  private let now: @Sendable () -> Double
  /// Whether they have taken longer.
  private(set) var isOverdue = false
  private var judged = JudgedCurve()
  /// Processor and wall time that no trial was charged for.
  private var spent = (compute: 0.0, wall: 0.0)

  init(
    group: TrainingGroup, streams: [JudgedStream], open: [TrainingGroup.Goal], curveSteps: Set<Int>, metric: String,
    limit: Double?, now: @escaping @Sendable () -> Double
  ) {
    self.group = group
    self.streams = streams
    self.open = open
    self.curveSteps = curveSteps
    self.metric = metric
    self.limit = limit
    self.now = now
  }

  /// Trains a stream up to a step, and counts the time; nil where cancelled or overdue.
  mutating func outcome(of index: Int, at stop: Int, isCancelled: () -> Bool) -> EvaluationOutcome? {
    let (compute, wall) = (Stopwatch.threadSeconds(), Stopwatch.wallSeconds())
    guard let trajectory = streams[index].trajectory else { return nil }
    let timer = TrainingTimer(trajectory, now: now)
    timer.bound = limit.map { limit in
      streams.indices.reduce(limit) { $1 == index ? $0 : $0 - streams[$1].trainedSeconds }
    }
    let outcome = trajectory.outcomes(
      after: [stop], passing: { _, _ in timer.pass() }, isCancelled: { isCancelled() || timer.look() })
    if let trained = timer.seconds { streams[index].trainedSeconds = trained }
    isOverdue = timer.isOver
    let seconds = Stopwatch.threadSeconds() - compute
    streams[index].seconds += seconds
    spent.compute += seconds
    spent.wall += Stopwatch.wallSeconds() - wall
    return isOverdue ? nil : outcome?[stop]
  }

  /// Adds what the streams have at a step of the curve, one point of each that has one.
  mutating func add(_ points: [LearningCurve], at stop: Int) {
    guard curveSteps.contains(stop), points.count == streams.count else { return }
    let mean = LearningCurve(meanOf: points)
    curve = LearningCurve(names: mean.names, numbers: curve.numbers + mean.numbers)
    for report in mean.judged(by: metric).reports { judged.append(step: report.step, value: report.value) }
  }

  /// The verdict on a trial at a step that was just added; nil where nothing is judged there.
  func verdict(on goal: TrainingGroup.Goal, at stop: Int) -> PruningVerdict? {
    guard stop < goal.end, judged.reports.last?.step == stop else { return nil }
    return goal.judge?.verdict(on: judged)
  }

  /// Ends a trial.
  mutating func close(_ goal: TrainingGroup.Goal) {
    open.removeAll { $0.end == goal.end && $0.trial?.number == goal.trial?.number }
  }

  /// The time since it was last taken.
  mutating func takeSpent() -> (compute: Double, wall: Double) {
    defer { spent = (0, 0) }
    return spent
  }
}
