import Foundation
import SearchAlgorithms

/// Handing out trials and taking their outcomes.
extension StudyRunner {
  /// The next trials for a worker: those that wait to be tried again, else new numbers; empty if there are none now.
  func lease(worker: String) async throws(StudyError) -> [TrialAssignment] {
    try await perform { $0.handOut(to: worker) }.value
  }

  /// Takes a worker's report and, in the same transaction, gives it the study's next trials.
  ///
  /// A report under an expired or replaced lease is dropped; its evaluations are kept.
  func report(
    _ trials: [TrialAssignment], _ report: WorkReport, leaseFor worker: String?
  ) async throws(StudyError) -> [TrialAssignment] {
    try await perform { runner in
      // A worker is also busy with what lies between trainings, the wait for the disk above all.
      let spent = report.seconds.values.reduce(0, +)
      let start = trials.compactMap { runner.running[$0.number]?.since }.min()
      let wall = start.map { runner.surroundings.clock.seconds() - $0 } ?? 0
      let factor = spent > 0 ? max(1, wall / spent) : 1
      for trial in trials {
        guard let outcome = report.trials[trial.number], let entry = runner.running[trial.number],
          entry.lease.id == trial.lease.id
        else { continue }
        runner.take(outcome, of: entry, seconds: report.seconds[trial.number].map { $0 * factor })
      }
      runner.changes += report.evaluations.map { .evaluation($0) }
      return worker.map { runner.handOut(to: $0) } ?? []
    }.value
  }

  /// Puts every running trial back into the queue, for a shutdown.
  ///
  /// Where memory was thrown away it is not built anew for this: what is stored as running goes back at the next start.
  func putBack() async throws(StudyError) {
    isClosed = true
    guard isLoaded else {
      for entry in Array(running.values) + Array(held.values) { entry.cancellation.set() }
      return
    }
    _ = try await perform { runner in
      for entry in runner.running.values.sorted(by: { $0.trial.number < $1.trial.number }) {
        entry.cancellation.set()
        runner.requeue(entry.trial)
      }
    }
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

  /// Takes a report; `seconds` are what the trial kept its worker busy for, where that is not the time since its start.
  private func take(_ report: TrialReport, of entry: Running, seconds busy: Double?) {
    var trial = entry.trial
    trial.reusedFrom = report.reusedFrom
    if report.reusedFrom != nil {
      study.counts.reused += 1
      studyChanged = true
    }
    let duration = surroundings.clock.seconds() - entry.since
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
      finish(&trial, as: .failed, after: duration)
    case .infeasible(let reason, let seconds, _):
      trial.error = reason
      trial.computeSeconds = seconds
      finish(&trial, as: .infeasible, after: duration)
    case .completed(let scores, let metrics, let curve, let seconds, let reusedFrom):
      let value = study.resolved.value(of: scores)
      trial.computeSeconds = seconds
      guard value.isFinite else {
        trial.error = "diverged"
        finish(&trial, as: .infeasible, after: duration)
        return
      }
      trial.value = value
      trial.scores = scores
      trial.metrics = metrics
      trial.error = nil
      trial.failureClass = nil
      finish(&trial, as: .completed, after: duration)
      // A recorded evaluation says nothing about the cost of training.
      if reusedFrom == nil, let seconds = busy ?? trial.durationSeconds {
        costs.add(operations: entry.operations, seconds: seconds)
      }
      changes.append(.curve(study: id, number: trial.number, curve: curve))
      changes.append(.score(trial))
    }
  }

  private func finish(_ trial: inout Trial, as state: TrialState, after duration: Double) {
    running[trial.number] = nil
    stamp(&trial, after: duration)
    trial.crashes = 0
    let numerics = surroundings.validator.context.numerics
    if numerics != study.resolved.numerics, state != .failed {
      endPromise(
        before: trial.number,
        "trial \(trial.number) was trained with numerics \(numerics), the study began with \(study.resolved.numerics)")
    }
    move(&trial, to: state)
    changes.append(.updateTrial(trial, lease: nil))
    failures.add(trial.number, failed: state == .failed)
    if algorithm.needsHistory, let outcome = trial.observed { unobserved[trial.number] = outcome }
    forgiveCrashes()
  }

  /// Sets the end of a trial that ran so many seconds: its times and its duration say the same.
  func stamp(_ trial: inout Trial, after duration: Double) {
    let end = trial.startedAt?.later(by: duration) ?? now
    trial.finishedAt = end
    study.updatedAt = max(study.updatedAt, end)
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
