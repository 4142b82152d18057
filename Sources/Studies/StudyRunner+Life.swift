import Foundation
import JSONText
import SearchAlgorithms
import StudyDefinitions

/// Pause, resume, stop, edits, and the end of a study.
extension StudyRunner {
  func pause(revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await perform(needsTrials: { !$0.state.isFinished }) { runner throws(StudyError) in
      try runner.check(revision)
      switch runner.study.state {
      case .paused: break
      case .running: runner.enter(.paused, reason: nil)
      default: throw runner.conflict("paused")
      }
      return runner.study.next(if: runner.studyChanged)
    }
  }

  func resume(revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await perform(needsTrials: { !$0.state.isFinished }) { runner throws(StudyError) in
      try runner.check(revision)
      switch runner.study.state {
      case .running: break
      case .paused:
        runner.forgiveCrashes()
        runner.enter(.running, reason: nil)
        runner.settle()
      default: throw runner.conflict("resumed")
      }
      return runner.study.next(if: runner.studyChanged)
    }
  }

  func stop(revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await perform(needsTrials: { !$0.state.isFinished }) { runner throws(StudyError) in
      try runner.check(revision)
      switch runner.study.state {
      case .stopped: break
      case .running, .paused:
        runner.end(.stopped, StopReason(code: "stopped", detail: "Stopped by request."))
      default: throw runner.conflict("stopped")
      }
      return runner.study.next(if: runner.studyChanged)
    }
  }

  func delete(revision: Int?) async throws(StudyError) {
    _ = try await perform(needsTrials: { _ in false }) { runner throws(StudyError) in
      try runner.check(revision)
      for entry in Array(runner.running.values) + Array(runner.held.values) { entry.cancellation.set() }
      runner.running = [:]
      runner.held = [:]
      runner.queued = [:]
      runner.isDeleted = true
      runner.studyChanged = false
      runner.changes = [.deleteStudy(id: runner.id, name: runner.study.name)]
    }
  }

  /// Applies a merge patch; a larger budget queues the trials again that its end had cut short.
  func edit(_ patch: JSONValue, revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await perform(needsTrials: { Self.needsTrials(patch, of: $0) }) { runner throws(StudyError) in
      try runner.check(revision)
      let edit: StudyPatch
      do throws(InvalidDefinition) {
        edit = try runner.surroundings.validator.edit(
          patch: patch, budget: runner.study.budget, parallelism: runner.study.parallelism,
          maxRunning: runner.study.maxRunning, labels: runner.study.labels, notes: runner.study.notes,
          highestNumber: runner.numbered, resolved: runner.study.resolved)
      } catch { throw .invalid(error.faults) }
      if edit.budget != runner.study.budget, runner.study.state.isFinished, !runner.isEndedByBudget {
        throw .conflict(runner.whyTheBudgetIsFinal)
      }
      if edit.budget != runner.study.budget, runner.isEndedByBudget, !runner.hasDataset {
        throw .conflict(
          "Study \(runner.study.name) cannot continue: its data set \(runner.study.resolved.dataset) no longer has the "
            + "content that the study used; add that content again first.")
      }
      if edit.changesAnything { runner.apply(edit) }
      return runner.study.next(if: runner.studyChanged)
    }
  }

  /// Whether a patch says how the search goes on: of a study that has ended, only a budget can. Notes and labels say nothing
  /// of the search.
  private static func needsTrials(_ patch: JSONValue, of study: Study) -> Bool {
    if study.state.isFinished { return isEndedByBudget(study) && patch["budget"] != nil }
    return ["budget", "parallelism", "max_running"].contains { patch[$0] != nil }
  }

  /// The highest number, whether or not the trials are in memory.
  private var numbered: Int { max(highest, study.counts.numbered) }

  private func apply(_ edit: StudyPatch) {
    studyChanged = true
    study.budget = edit.budget
    study.parallelism = edit.parallelism
    study.maxRunning = edit.maxRunning
    study.labels = edit.labels
    study.notes = edit.notes
    guard let changes = edit.changes else { return }
    study.edits.append(StudyEdit(fromTrial: numbered + 1, at: now, changes: changes))
    guard isEndedByBudget else { return }
    guard highest < study.budget.trials ?? .max || !stopped.isEmpty, !isOutOfTime else { return }
    enter(.running, reason: nil)
    study.stopReason = nil
    study.finishedAt = nil
    for trial in stopped.values.sorted(by: { $0.number < $1.number }) { requeue(trial) }
    stopped = [:]
    settle()
  }

  /// Whether a larger budget lets it go on.
  private var isEndedByBudget: Bool { Self.isEndedByBudget(study) }

  private static func isEndedByBudget(_ study: Study) -> Bool {
    study.state == .completed && study.stopReason?.code.hasPrefix("budget_") == true
  }

  /// Why a study that has ended, and not by its budget, does not go on with another.
  private var whyTheBudgetIsFinal: String {
    let how = study.stopReason?.detail ?? "It is \(study.state.rawValue)."
    return "Study \(study.name) did not end by its budget, so that another one changes nothing. How it ended: \(how)"
  }

  private var hasDataset: Bool {
    surroundings.validator.context.hasContent(study.resolved.datasetSHA256, of: study.resolved.dataset)
  }

  private func check(_ revision: Int?) throws(StudyError) {
    if isDeleted { throw .unknownStudy(study.name) }
    if let revision, revision != study.revision { throw .preconditionFailed }
  }

  private func conflict(_ verb: String) -> StudyError {
    .conflict("Study \(study.name) is \(study.state.rawValue) and cannot be \(verb).")
  }

  /// Changes the state; the clock of `elapsed_seconds` runs in `running` alone.
  func enter(_ state: StudyState, reason: String?) {
    takeElapsed()
    runningSince = state == .running ? surroundings.clock.seconds() : nil
    study.state = state
    study.stateReason = reason
    studyChanged = true
  }

  /// Ends the study; trials without an outcome become `stopped`.
  func end(_ state: StudyState, _ reason: StopReason) {
    for entry in running.values.sorted(by: { $0.trial.number < $1.trial.number }) {
      entry.cancellation.set()
      cutShort(entry.trial, after: surroundings.clock.seconds() - entry.since)
    }
    for trial in queued.values.sorted(by: { $0.number < $1.number }) { cutShort(trial) }
    running = [:]
    queued = [:]
    enter(state, reason: nil)
    study.stopReason = reason
    study.finishedAt = now
  }

  /// `seconds`: how long it ran.
  private func cutShort(_ old: Trial, after seconds: Double = 0) {
    var trial = old
    stamp(&trial, after: seconds)
    move(&trial, to: .stopped)
    stopped[trial.number] = trial
    changes.append(.updateTrial(trial, lease: nil))
  }

  /// Whether the seconds of the budget are used up.
  var isOutOfTime: Bool {
    guard let limit = study.budget.seconds else { return false }
    let since = runningSince.map { surroundings.clock.seconds() - $0 } ?? 0
    return study.elapsedSeconds + since >= limit
  }

  /// After every change: ends the study if its time has come, and finds out whether there is a next suggestion.
  func settle() {
    guard study.state == .running, !isDeleted else { return }
    if failures.longest >= Self.failureLimit {
      end(
        .failed,
        StopReason(code: "failure_limit", detail: "\(Self.failureLimit) trials in a row failed."))
      return
    }
    if isOutOfTime, let limit = study.budget.seconds {
      end(
        .completed,
        StopReason(code: "budget_seconds", detail: "The budget of \(JSONNumber.text(limit)) seconds is used up."))
      return
    }
    _ = advance()
    guard running.isEmpty, queued.isEmpty else { return }
    if let exhaustion {
      end(.completed, StopReason(code: exhaustion.rawValue, detail: exhaustion.sentence))
    } else if let limit = study.budget.trials, highest >= limit {
      end(.completed, StopReason(code: "budget_trials", detail: "The budget of \(limit) trials is used up."))
    }
  }

  /// What readers are told without waiting.
  func liveStatus() -> LiveStatus {
    let waiting: String? =
      switch study.state {
      case .paused: "paused"
      case .running:
        if running.count >= study.maxRunning ?? .max {
          "max_running"
        } else if hasWork {
          "workers"
        } else if awaited != nil, highest < study.budget.trials ?? .max {
          "results"
        } else {
          nil
        }
      default: nil
      }
    var remaining: (count: Int, operations: Double)?
    if let last = study.budget.trials {
      remaining =
        exhaustion == nil
        ? workload.remaining(after: highest, through: last, algorithm: algorithm) {
          operations(of: $0, after: $1)
        } : (0, 0)
      for trial in queued.values {
        remaining?.count += 1
        remaining?.operations += operations(of: trial.suggestion)
      }
    }
    return LiveStatus(
      waitingFor: waiting, runningSince: runningSince, elapsedBefore: study.elapsedSeconds, workers: 0, costs: costs,
      remaining: remaining,
      batches: Dictionary(grouping: running.values, by: \.batch).values.map { batch in
        .init(
          count: batch.count, operations: batch.reduce(0) { $0 + $1.operations },
          startedAt: batch.map(\.since).min() ?? surroundings.clock.seconds())
      })
  }
}

extension Study {
  /// The study as it will stand once stored: a change raises the revision by one.
  fileprivate func next(if changed: Bool) -> Study {
    var study = self
    if changed { study.revision += 1 }
    return study
  }
}

extension Exhaustion {
  /// For a person.
  var sentence: String {
    switch self {
    case .spaceExhausted: "Every point of the space has been tried."
    case .converged: "The last descent has ended."
    }
  }
}
