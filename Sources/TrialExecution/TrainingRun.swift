import Datasets
import Foundation
import ModelTraining
import Studies
import StudyDefinitions

/// One piece of work while it is done, on one thread.
struct TrainingRun {
  /// How often what is known of a long piece of work is reported early, in seconds.
  private static let earlySeconds = 1.0

  let trajectories: TrajectoryCache
  let foldCache: FoldCache
  let now: @Sendable () -> Double
  private let read: @Sendable (_ name: String, _ sha256: String) throws -> Dataset
  let model: any TrainableModel.Type
  let work: Work
  let known: [EvaluationKey: RecordedEvaluation]
  var report = WorkReport()
  private var lastEarly = Stopwatch.wallSeconds()
  private var dataset: Result<Dataset, any Error>?

  init(
    _ model: any TrainableModel.Type, _ work: Work, _ known: [EvaluationKey: RecordedEvaluation],
    trajectories: TrajectoryCache, foldCache: FoldCache, now: @escaping @Sendable () -> Double,
    dataset: @escaping @Sendable (_ name: String, _ sha256: String) throws -> Dataset
  ) {
    self.trajectories = trajectories
    self.foldCache = foldCache
    self.now = now
    read = dataset
    self.model = model
    self.work = work
    self.known = known
  }

  /// What one stream gave: each evaluation by its end, and what was trained now.
  struct Stream {
    var evaluations: [Int: RecordedEvaluation] = [:]
    /// Processor and wall time by end, of what was trained now alone.
    var spent: [Int: (compute: Double, wall: Double)] = [:]
    /// By end, how long the training had taken from its beginning, in seconds; of what was trained now alone.
    var seconds: [Int: Double] = [:]
  }

  /// Trains what the record does not have, and reports every trial of the group.
  mutating func train(_ group: TrainingGroup, early: (WorkReport) -> Void) {
    do {
      let choices = group.settings.mapValues { [$0] }
      if let reason = model.infeasibility(choices, data: DataShape(try examples())) {
        return end(group, .infeasible(reason: reason, computeSeconds: 0))
      }
      if group.isJudged { try trainJudged(group, early: early) } else { try trainWhole(group, early: early) }
    } catch let error as TrainingFailure {
      return end(group, .failed(message: error.message, class: error.failureClass))
    } catch {
      return end(group, .failed(message: "The training ended with an error: \(error).", class: .error))
    }
    for goal in group.goals {
      // What nothing is known of was cut short.
      if let number = goal.trial?.number, report.trials[number] == nil { report.trials[number] = .returned }
    }
  }

  /// Trains one stream after the other.
  private mutating func trainWhole(_ group: TrainingGroup, early: (WorkReport) -> Void) throws {
    var streams: [Stream] = []
    for index in group.streams.indices {
      streams.append(try train(group, index, before: streams, early: early))
    }
    finish(group, streams)
  }

  private struct TrainingFailure: Error {
    var message: String
    var failureClass: FailureClass
  }

  /// One stream of a group; `before` are the streams before it. With the last one trials are complete.
  private mutating func train(
    _ group: TrainingGroup, _ index: Int, before: [Stream], early: (WorkReport) -> Void
  ) throws -> Stream {
    var stream = Stream()
    let keys = group.keys[index]
    let folds = work.definition.split.folds
    for (end, key) in keys {
      // What was recorded without the scores of its folds is trained once more.
      if let recorded = known[key], recorded.isWhole(folds: folds) { stream.evaluations[end] = recorded }
    }
    let ended = group.goals.filter { $0.trial.map { report.trials[$0.number] != nil } ?? false }.map(\.end)
    let missing = Set(group.goals.map(\.end)).subtracting(stream.evaluations.keys).subtracting(ended)
    guard let longest = missing.max() else { return stream }
    let wanted = missing.union(group.passing.filter { $0 < longest && stream.evaluations[$0] == nil })
    let request = try request(group, index)
    var (compute, wall) = (Stopwatch.threadSeconds(), Stopwatch.wallSeconds())
    let isCancelled = { [work] in group.isCancelled(work) }
    _ = try trajectories.withTrajectory(
      trajectoryKey(group, index), isCancelled: isCancelled, make: { try model.trajectory(request, sharing: foldCache) }
    ) { trajectory in
      let timer = TrainingTimer(trajectory, now: now)
      var pending = missing.sorted()
      timer.bound = bound(pending, before)
      let outcomes = trajectory.outcomes(
        after: wanted,
        passing: { end, outcome in
          timer.pass()
          stream.seconds[end] = timer.seconds
          let isOver = bound([end], before).map { (timer.seconds ?? 0) > $0 } ?? false
          if isOver, missing.contains(end) { endOverdue(group, [end]) }
          pending.removeAll { $0 <= end }
          timer.bound = bound(pending, before)
          let now = (Stopwatch.threadSeconds(), Stopwatch.wallSeconds())
          stream.spent[end] = (now.0 - compute, now.1 - wall)
          (compute, wall) = now
          guard keys[end] != nil else { return }
          stream.evaluations[end] = record(
            outcome, of: group, index, end: end, computeSeconds: stream.spent[end]?.compute ?? 0)
          if index == group.streams.indices.last, isTimeToTell {
            finish(group, before + [stream])
            tell(early)
          }
        }, isCancelled: { isCancelled() || timer.look() })
      if outcomes == nil, timer.isOver { endOverdue(group, pending) }
    }
    return stream
  }

  /// How long a training may take where it shall still reach some of the ends: the limit without what the streams before it
  /// took; nil: any time.
  private func bound(_ ends: [Int], _ before: [Stream]) -> Double? {
    guard let limit = work.secondsLimit else { return nil }
    return ends.map { end in limit - before.reduce(0) { $0 + ($1.seconds[end] ?? 0) } }.max()
  }

  /// Fails the trials that end at some ends, because their trainings took too long.
  mutating func endOverdue(_ group: TrainingGroup, _ ends: [Int]) {
    guard let limit = work.secondsLimit else { return }
    for goal in group.goals where ends.contains(goal.end) {
      if let number = goal.trial?.number { report.trials[number] = .overdue(limit) }
    }
  }

  /// What a training of a stream begins with.
  mutating func request(_ group: TrainingGroup, _ index: Int) throws -> EvaluationRequest {
    EvaluationRequest(
      settings: group.settings, dataset: try examples(), split: work.definition.trainingSplit.forTraining,
      stream: UInt64(group.streams[index]), trainingSeed: UInt64(bitPattern: Int64(work.definition.trainingSeed)))
  }

  /// By what the training of a stream is known while it can be continued.
  func trajectoryKey(_ group: TrainingGroup, _ index: Int) -> String {
    work.definition.reuse ? group.trajectories[index] : group.trajectories[index] + work.study.uuidString
  }

  /// Keeps what a stream gave at an end that has a key.
  @discardableResult
  mutating func record(
    _ outcome: EvaluationOutcome, of group: TrainingGroup, _ index: Int, end: Int, computeSeconds: Double
  ) -> RecordedEvaluation? {
    guard let key = group.keys[index][end] else { return nil }
    let evaluation = RecordedEvaluation(
      key: key, outcome: .init(outcome), folds: outcome.folds, study: work.study,
      origin: group.origin(of: end, in: work), computeSeconds: computeSeconds)
    report.evaluations.append(evaluation)
    return evaluation
  }

  /// Whether what is known of long work is to be reported early.
  var isTimeToTell: Bool { Stopwatch.wallSeconds() - lastEarly > Self.earlySeconds }

  /// Reports what is known.
  mutating func tell(_ early: (WorkReport) -> Void) {
    early(report)
    lastEarly = Stopwatch.wallSeconds()
  }

  private mutating func examples() throws -> Dataset {
    let definition = work.definition
    let found = dataset ?? Result { try read(definition.dataset, definition.datasetSHA256) }
    dataset = found
    do { return try found.get() } catch {
      throw TrainingFailure(
        message: "Data set \(definition.dataset) could not be read: \(error)", failureClass: .io)
    }
  }

  private mutating func end(_ group: TrainingGroup, _ outcome: TrialReport) {
    for case let number? in group.goals.map(\.trial?.number) { report.trials[number] = outcome }
  }

  /// Reports every trial that all streams have an evaluation of.
  private mutating func finish(_ group: TrainingGroup, _ streams: [Stream]) {
    guard streams.count == group.streams.count else { return }
    var before = 0
    for goal in group.goals {
      defer { before = goal.end }
      guard let number = goal.trial?.number, report.trials[number] == nil else { continue }
      let evaluations = streams.compactMap { $0.evaluations[goal.end] }
      guard evaluations.count == streams.count else { continue }
      // What was read in passing since the trial before belongs to this one.
      let spent = streams.flatMap { $0.spent.filter { $0.key > before && $0.key <= goal.end }.values }
      let recorded = zip(streams, evaluations).filter { $0.0.spent[goal.end] == nil }.map(\.1)
      report.seconds[number] = spent.reduce(0) { $0 + $1.wall }
      let answered = streams.indices.filter { streams[$0].spent[goal.end] == nil }
      report.shared[number] = shared(group, answered, of: evaluations, after: before, through: goal.end)
      report.trials[number] = TrialReport(
        evaluations, metric: work.definition.metric,
        computeSeconds: spent.reduce(0) { $0 + $1.compute } + uncharged(recorded, of: group, end: goal.end),
        reusedFrom: origin(of: recorded, streams: streams.count))
    }
  }

  /// What recorded evaluations took that no trial was charged for: run ahead of time, or trained just before a shutdown.
  func uncharged(_ recorded: [RecordedEvaluation], of group: TrainingGroup, end: Int) -> Double {
    let origin = group.origin(of: end, in: work)
    return recorded.filter { $0.study == work.study && (!$0.origin.contains("/") || $0.origin == origin) }
      .reduce(0) { $0 + $1.computeSeconds }
  }

  /// What the trainings of some streams took that other studies have paid for, in seconds; nil where no other study has.
  ///
  /// A training that was read at several iterations is recorded in pieces: those since the trial before belong to this one.
  func shared(
    _ group: TrainingGroup, _ streams: [Int], of evaluations: [RecordedEvaluation], after before: Int = 0,
    through end: Int
  ) -> Double? {
    let others = streams.filter { evaluations[$0].study != work.study }
    guard !others.isEmpty else { return nil }
    let pieces = others.flatMap { group.keys[$0].filter { $0.key > before && $0.key <= end }.values }
    return pieces.compactMap { known[$0] }.filter { $0.study != work.study }.reduce(0) { $0 + $1.computeSeconds }
  }

  /// Where a trial's evaluations come from, where another study has paid for all of them.
  func origin(of recorded: [RecordedEvaluation], streams: Int) -> String? {
    recorded.count == streams && recorded.allSatisfy { $0.study != work.study } ? recorded[0].origin : nil
  }
}

extension TrainingGroup {
  /// Whether nobody wants any of it any more.
  func isCancelled(_ work: Work) -> Bool {
    if case .ahead(let ahead) = work { return ahead.cancellation.isSet }
    return goals.allSatisfy { $0.trial?.cancellation.isSet ?? true }
  }

  /// Where an evaluation comes from: the trial that ends there or next, or the study alone.
  fileprivate func origin(of end: Int, in work: Work) -> String {
    switch work {
    case .ahead(let ahead): return ahead.studyName
    case .trials(let trials):
      let number = goals.first { $0.end >= end }?.trial?.number ?? trials[0].number
      return "\(trials[0].studyName)/trials/\(number)"
    case .model(let model): return model.studyName
    }
  }
}
