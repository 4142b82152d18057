import Foundation
import SearchAlgorithms
import SearchSpace

/// Which trials a worker gets together, and what idle workers do.
extension StudyRunner {
  /// The most trials that are handed out at once.
  static let batchSize = 100
  /// Trainings are handed out together as long as they are expected to take no longer: a commit takes milliseconds.
  static let batchSeconds = 0.05
  /// And as long as they are no larger a part of the study, so that studies advance side by side.
  static let batchShare = 50

  /// Whether somebody who asks for work now would get some.
  var hasWork: Bool { mayHandOut && (!queued.isEmpty || canPropose) }

  /// Whether trials may be handed out at all.
  private var mayHandOut: Bool {
    study.state == .running && !isClosed && !isDeleted && running.count < study.maxRunning ?? .max
  }

  /// Whether there is a next suggestion; set by `advance`.
  var canPropose: Bool { exhaustion == nil && awaited == nil && highest < study.budget.trials ?? .max }

  /// Trials for a worker: those that wait to be tried again, else new numbers. More than one where they are one training
  /// that ends at several iterations, and where the search learns nothing and trainings are short.
  func handOut(to worker: String) -> [TrialAssignment] {
    let (batch, now, since) = (UUID(), now, surroundings.clock.seconds())
    var trials: [TrialAssignment] = []
    var seconds = 0.0
    var last: Suggestion?
    while mayHandOut, !isOutOfTime, trials.count < Self.batchSize {
      let waiting = queued.keys.min().flatMap { queued[$0] }
      guard let suggestion = waiting?.suggestion ?? nextSuggestion() else { break }
      let operations = waiting == nil ? operations(of: suggestion, after: lastSuggestion) : operations(of: suggestion)
      if let last, !isOneTraining(last, suggestion) {
        guard !algorithm.needsHistory, costs.x > 0, seconds < Self.batchSeconds,
          trials.count < (study.budget.trials ?? .max) / Self.batchShare
        else { break }
      }
      seconds += operations * costs.y / max(costs.x, 1)
      let lease = Lease(worker: worker)
      let trial = waiting.map { resume($0, lease, at: now) } ?? begin(suggestion, lease, operations, at: now)
      last = suggestion
      let cancellation = CancellationFlag()
      running[trial.number] = Running(
        trial: trial, lease: lease, cancellation: cancellation, operations: operations, batch: batch,
        since: since)
      trials.append(
        TrialAssignment(
          lease: lease, study: id, studyName: study.name, number: trial.number, replicate: trial.replicate,
          attempt: trial.attempt, definition: study.resolved, point: trial.point, cancellation: cancellation))
    }
    return trials
  }

  private func nextSuggestion() -> Suggestion? { highest < study.budget.trials ?? .max ? advance() : nil }

  private func resume(_ waiting: Trial, _ lease: Lease, at now: Date) -> Trial {
    var trial = waiting
    queued[trial.number] = nil
    trial.worker = lease.worker
    trial.startedAt = now
    move(&trial, to: .running)
    changes.append(.updateTrial(trial, lease: lease))
    return trial
  }

  private func begin(_ suggestion: Suggestion, _ lease: Lease, _ operations: Double, at now: Date) -> Trial {
    highest += 1
    let trial = Trial(
      study: id, number: highest, suggestion: suggestion, algorithmVersion: study.resolved.algorithmVersion,
      worker: lease.worker, at: now)
    algorithm.register(highest, suggestion)
    failures.begin(highest)
    study.counts.running += 1
    studyChanged = true
    changes.append(.insertTrial(trial, lease: lease))
    workload.took(operations: operations)
    lastSuggestion = suggestion
    return trial
  }

  /// Whether two trials are one training that ends at different iterations.
  private func isOneTraining(_ trial: Suggestion, _ suggestion: Suggestion) -> Bool {
    guard trial.replicate == suggestion.replicate,
      let progress = surroundings.models.progressSetting(study.resolved)
    else { return false }
    var (point, other) = (trial.point, suggestion.point)
    point[progress] = nil
    other[progress] = nil
    return point == other
  }

  /// What a trial takes that follows another: of one training with it, what is left to train.
  func operations(of suggestion: Suggestion, after previous: Suggestion?) -> Double {
    let whole = operations(of: suggestion)
    guard let previous, isOneTraining(previous, suggestion) else { return whole }
    let before = operations(of: previous)
    return whole > before ? whole - before : whole
  }

  // MARK: Running ahead

  /// The next point for an idle worker, while the search waits for outcomes.
  var nextAhead: Point? {
    guard mayHandOut, awaited != nil, study.resolved.reuse else { return nil }
    return algorithm.likely.first { !ahead.contains($0) }
  }

  /// A point to evaluate before anybody asks for it; nil if there is none.
  func leaseAhead() async throws(StudyError) -> AheadAssignment? {
    try await perform { runner in
      guard let point = runner.nextAhead else { return nil }
      runner.ahead.insert(point)
      return AheadAssignment(
        study: runner.id, studyName: runner.study.name, definition: runner.study.resolved, point: point, replicate: 0,
        cancellation: CancellationFlag())
    }.value
  }

  /// Takes what came of it, and gives the worker the study's next trials.
  func report(
    _ assignment: AheadAssignment, _ evaluations: [RecordedEvaluation], leaseFor worker: String?
  ) async throws(StudyError) -> [TrialAssignment] {
    try await perform { runner in
      // A training that was cut short may be gone on with later.
      if evaluations.isEmpty, assignment.cancellation.isSet { runner.ahead.remove(assignment.point) }
      runner.changes += evaluations.map { .evaluation($0) }
      return worker.map { runner.handOut(to: $0) } ?? []
    }.value
  }
}
