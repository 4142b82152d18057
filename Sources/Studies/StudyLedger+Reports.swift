import Foundation
import StudyDefinitions

/// Taking the outcomes of trials.
extension StudyLedger {
  /// Takes a worker's report and gives `worker`, if any, the study's next trials.
  ///
  /// A report under an expired or replaced lease is dropped; its evaluations are kept.
  mutating func report(
    _ trials: [TrialAssignment], _ report: WorkReport, leaseFor worker: Worker?, at moment: Moment
  ) -> [TrialAssignment] {
    defer { settle(at: moment) }
    // A worker is also busy with what lies between trainings, the wait for the disk above all.
    let spent = report.seconds.values.reduce(0, +)
    let start = trials.compactMap { running[$0.number]?.since }.min()
    let wall = start.map { moment.seconds - $0 } ?? 0
    let factor = spent > 0 ? max(1, wall / spent) : 1
    for trial in trials {
      guard let outcome = report.trials[trial.number], let entry = running[trial.number],
        entry.lease.id == trial.lease.id
      else { continue }
      take(
        outcome, of: entry.trial, operations: entry.operations, since: entry.since,
        seconds: report.seconds[trial.number].map { $0 * factor }, shared: report.shared[trial.number], at: moment)
    }
    changes += report.evaluations.map { .evaluation($0) }
    return worker.map { handOut(to: $0, at: moment) } ?? []
  }

  /// Takes what came of a trial that runs, waits, or was cut short. `since`: its start; `seconds`: what it kept its worker
  /// busy for, where that is not the time since then; `shared`: what other studies have paid of it.
  @discardableResult
  mutating func take(
    _ report: TrialReport, of known: Trial, operations: Double, since start: Double, seconds busy: Double? = nil,
    shared: Double? = nil, at moment: Moment
  ) -> Trial {
    var trial = known
    trial.sharedSeconds = shared
    trial.reusedFrom = report.reusedFrom
    if report.reusedFrom != nil {
      study.counts.reused += 1
      studyChanged = true
    }
    switch report {
    case .returned:
      requeue(trial)
      return queued[trial.number] ?? trial
    case .failed(let message, let failureClass):
      trial.failures += 1
      trial.expiredLeases = 0
      if failureClass.isTriedAgain, trial.failures < study.resolved.retries {
        trial.error = message
        trial.failureClass = failureClass
        requeue(trial)
        return queued[trial.number] ?? trial
      }
      fail(&trial, message, failureClass, since: start, at: moment)
    case .infeasible(let reason, let seconds, _):
      trial.error = reason
      trial.computeSeconds = computeSeconds(seconds)
      finish(&trial, as: .infeasible, since: start, at: moment)
    case .pruned(let step, let value, let metrics, let curve, let seconds, _):
      trial.computeSeconds = computeSeconds(seconds, metrics)
      trial.prunedValue = value
      trial.prunedAtStep = step
      trial.metrics = metrics
      trial.error = nil
      trial.failureClass = nil
      finish(&trial, as: .pruned, curve: study.resolved.isTrained ? curve : nil, since: start, at: moment)
      if study.resolved.isTrained { changes.append(.curve(study: study.id, number: trial.number, curve: curve)) }
    case .completed(let scores, let metrics, let curve, let seconds, let reusedFrom):
      let value = study.resolved.value(of: scores)
      trial.computeSeconds = computeSeconds(seconds, metrics)
      guard value.isFinite else {
        trial.error = "diverged"
        finish(&trial, as: .infeasible, since: start, at: moment)
        return trial
      }
      trial.value = value
      trial.scores = scores
      trial.metrics = metrics
      trial.error = nil
      trial.failureClass = nil
      finish(&trial, as: .completed, curve: study.resolved.isTrained ? curve : nil, since: start, at: moment)
      // A recorded evaluation says nothing about the cost of training.
      if reusedFrom == nil, let seconds = busy ?? trial.durationSeconds {
        costs.add(operations: operations, seconds: seconds)
      }
      if study.resolved.source == .table { name(Set(metrics.keys)) }
      // What a caller told on the way is its curve already, and a table has none.
      if study.resolved.isTrained { changes.append(.curve(study: study.id, number: trial.number, curve: curve)) }
      changes.append(.score(trial, tieBreak: study.resolved.tieBreakOfBest.value(of: trial.metrics)))
    }
    return trial
  }

  /// How long a trial was trained, in seconds: as its worker measured it, or as a table says; nil where nobody knows.
  private func computeSeconds(_ measured: Double, _ metrics: [String: Double] = [:]) -> Double? {
    switch study.resolved.source {
    case .training: measured
    case .table: metrics[TableDefinition.secondsColumn].flatMap { $0 >= 0 ? $0 : nil }
    case .callers: nil
    }
  }

  /// Records the names of metrics that are new.
  mutating func name(_ metrics: Set<String>) {
    let new = metrics.subtracting(metricNames)
    metricNames.formUnion(new)
    changes += new.sorted().map { .metricName($0, study: study.id) }
  }

  /// Ends a trial as failed; what its surroundings caused ends the promise of the same trials.
  mutating func fail(
    _ trial: inout Trial, _ message: String, _ failureClass: FailureClass, since start: Double, at moment: Moment
  ) {
    trial.error = message
    trial.failureClass = failureClass
    if failureClass != .error { endPromise(before: trial.number, "trial \(trial.number) failed: \(message)") }
    finish(&trial, as: .failed, since: start, at: moment)
  }

  /// `curve`: the trial's curve, where it teaches something.
  private mutating func finish(
    _ trial: inout Trial, as state: TrialState, curve: LearningCurve? = nil, since start: Double, at moment: Moment
  ) {
    running[trial.number] = nil
    queued[trial.number] = nil
    stopped[trial.number] = nil
    setEnd(of: &trial, after: moment.seconds - start, at: moment)
    trial.crashes = 0
    trial.expiredLeases = 0
    let numerics = rules.validator.context.numerics
    if study.resolved.isTrained, numerics != study.resolved.numerics, state != .failed {
      endPromise(
        before: trial.number,
        "trial \(trial.number) was trained with numerics \(numerics), the study began with \(study.resolved.numerics)")
    }
    move(&trial, to: state)
    changes.append(.updateTrial(trial, lease: nil))
    failures.add(trial.number, failed: state == .failed)
    // New runs of the best points are no steps of the search.
    let found = state == .completed && trial.replicate == 0 ? trial.value : nil
    stall?.add(trial.number, value: found)
    if let found, study.resolved.reaches(found) { reachedTarget = trial.number }
    // What a retry by hand comes to changes no later trial.
    let isRetried = retried.contains(trial.number)
    judging?.end(trial, curve, teaches: !isRetried)
    if !isRetried { search.add(trial.observed(study.resolved.tieBreak), of: trial) }
    forgiveCrashes()
  }

  /// Sets the end of a trial that ran for a duration in seconds: its times and its duration say the same.
  mutating func setEnd(of trial: inout Trial, after duration: Double, at moment: Moment) {
    let end = trial.startedAt?.later(by: duration) ?? date(moment)
    trial.finishedAt = end
    study.updatedAt = max(study.updatedAt, end)
  }

  /// An outcome shows that the service does not die of the trials it runs.
  mutating func forgiveCrashes() {
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

  mutating func endPromise(before number: Int, _ reason: String) {
    guard number - 1 < study.reproducible.through ?? .max else { return }
    study.reproducible = Reproducibility(through: number - 1, reason: reason)
  }
}

extension ResolvedDefinition {
  /// Whether a value is as good as the target, where there is one.
  func reaches(_ value: Double) -> Bool {
    target.map { goal == .maximize ? value >= $0 : value <= $0 } ?? false
  }
}
