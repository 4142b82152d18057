import Foundation
import SearchAlgorithms

/// Handing out trials and taking their outcomes.
extension StudyRunner {
  /// The next trial for a worker: one that waits to be tried again, else a new number; nil if there is none now.
  func lease(worker: String) async throws(StudyError) -> TrialAssignment? {
    try await perform { $0.handOut(to: worker) }.value
  }

  /// Takes a worker's report and, in the same transaction, gives it the study's next trial.
  ///
  /// A report under a lease that does not stand any more is dropped.
  func report(
    _ lease: Lease, number: Int, _ report: TrialReport, leaseFor worker: String?
  ) async throws(StudyError) -> TrialAssignment? {
    try await perform { runner in
      if let entry = runner.running[number], entry.lease.id == lease.id { runner.take(report, of: entry) }
      return worker.flatMap { runner.handOut(to: $0) }
    }.value
  }

  /// Puts every running trial back into the queue, for a shutdown.
  func putBack() async throws(StudyError) {
    _ = try await perform { runner in
      for entry in runner.running.values.sorted(by: { $0.trial.number < $1.trial.number }) {
        entry.cancellation.set()
        runner.requeue(entry.trial)
      }
      runner.isClosed = true
    }
  }

  /// Whether somebody who asks for work now would get some.
  var hasWork: Bool {
    guard mayHandOut else { return false }
    return !queued.isEmpty || canPropose
  }

  /// Whether trials may be handed out at all.
  private var mayHandOut: Bool {
    study.state == .running && !isClosed && !isDeleted && running.count < study.maxRunning ?? .max
  }

  /// Whether there is a next suggestion; set by `advance`.
  var canPropose: Bool { exhaustion == nil && awaited == nil && highest < study.budget.trials ?? .max }

  func handOut(to worker: String) -> TrialAssignment? {
    guard mayHandOut, !isOutOfTime else { return nil }
    let now = surroundings.clock.now()
    var trial: Trial
    let lease = Lease(worker: worker)
    if let number = queued.keys.min(), let waiting = queued.removeValue(forKey: number) {
      trial = waiting
      trial.worker = worker
      trial.startedAt = now
      move(&trial, to: .running)
      changes.append(.updateTrial(trial, lease: lease))
    } else {
      guard highest < study.budget.trials ?? .max, let suggestion = advance() else { return nil }
      highest += 1
      trial = Trial(
        study: id, number: highest, suggestion: suggestion, algorithmVersion: study.resolved.algorithmVersion,
        worker: worker, at: now)
      algorithm.register(highest, suggestion)
      study.counts.running += 1
      studyChanged = true
      changes.append(.insertTrial(trial, lease: lease))
      workload.took(operations: operations(of: suggestion))
    }
    let cancellation = CancellationFlag()
    running[trial.number] = Running(
      trial: trial, lease: lease, cancellation: cancellation, operations: operations(of: trial.suggestion))
    return TrialAssignment(
      lease: lease, study: id, studyName: study.name, number: trial.number, replicate: trial.replicate,
      attempt: trial.attempt, definition: study.resolved, point: trial.point, cancellation: cancellation)
  }

  /// The suggestion for the next number; shows the algorithm the outcomes that it asks for, and only those.
  func advance() -> Suggestion? {
    awaited = nil
    exhaustion = nil
    while true {
      switch algorithm.propose(highest + 1) {
      case .suggestion(let suggestion): return suggestion
      case .awaits(let number):
        guard let outcome = unobserved.removeValue(forKey: number) else {
          awaited = number
          return nil
        }
        algorithm.observe(number, outcome)
      case .exhausted(let reason):
        exhaustion = reason
        return nil
      }
    }
  }

  private func take(_ report: TrialReport, of entry: Running) {
    var trial = entry.trial
    let now = surroundings.clock.now()
    switch report {
    case .returned:
      requeue(trial)
      return
    case .failed(let message, let failureClass):
      trial.failures += 1
      trial.error = message
      trial.failureClass = failureClass
      if failureClass != .error, trial.failures < Self.attemptsPerTrial {
        requeue(trial)
        return
      }
      if failureClass != .error { endPromise(before: trial.number, "trial \(trial.number) failed: \(message)") }
      finish(&trial, as: .failed, at: now)
    case .infeasible(let reason, let seconds):
      trial.error = reason
      trial.computeSeconds = seconds
      finish(&trial, as: .infeasible, at: now)
    case .completed(let scores, let metrics, let curve, let seconds):
      let value = scores.reduce(0, +) / Double(scores.count)
      trial.computeSeconds = seconds
      guard value.isFinite else {
        trial.error = "diverged"
        finish(&trial, as: .infeasible, at: now)
        return
      }
      trial.value = value
      trial.scores = scores
      trial.metrics = metrics
      trial.error = nil
      trial.failureClass = nil
      finish(&trial, as: .completed, at: now)
      if let seconds = trial.durationSeconds { costs.add(operations: entry.operations, seconds: seconds) }
      changes.append(.curve(study: id, number: trial.number, points: curve))
      changes.append(.score(trial))
    }
  }

  private func finish(_ trial: inout Trial, as state: TrialState, at now: Date) {
    running[trial.number] = nil
    trial.finishedAt = now
    trial.crashes = 0
    move(&trial, to: state)
    changes.append(.updateTrial(trial, lease: nil))
    failures.add(trial.number, failed: state == .failed)
    if algorithm.needsHistory, let outcome = trial.observed { unobserved[trial.number] = outcome }
    forgiveCrashes()
  }

  /// An outcome shows that the service does not die of the trials it runs.
  func forgiveCrashes() {
    for (number, entry) in running where entry.trial.crashes > 0 {
      running[number]?.trial.crashes = 0
      if let trial = running[number]?.trial { changes.append(.updateTrial(trial, lease: entry.lease)) }
    }
    for (number, waiting) in queued where waiting.crashes > 0 {
      var trial = waiting
      trial.crashes = 0
      queued[number] = trial
      changes.append(.updateTrial(trial, lease: nil))
    }
  }

  /// Puts a trial in line again, under its number.
  func requeue(_ old: Trial) {
    var trial = old
    running[trial.number] = nil
    trial.attempt += 1
    trial.worker = nil
    trial.startedAt = nil
    trial.finishedAt = nil
    move(&trial, to: .queued)
    queued[trial.number] = trial
    changes.append(.updateTrial(trial, lease: nil))
  }

  /// Changes a trial's state and the study's counts with it.
  func move(_ trial: inout Trial, to state: TrialState) {
    study.counts[trial.state] -= 1
    study.counts[state] += 1
    trial.state = state
    studyChanged = true
  }

  private func endPromise(before number: Int, _ reason: String) {
    guard number - 1 < study.reproducible.through ?? .max else { return }
    study.reproducible = Reproducibility(through: number - 1, reason: reason)
  }

  func operations(of suggestion: Suggestion) -> Double {
    surroundings.models.operations(study.resolved, at: suggestion.point)
  }
}
