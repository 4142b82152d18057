import JSONText
import SearchAlgorithms
import StudyDefinitions

/// What workers ask of a study: each is one event for its ledger.
extension StudyRunner: TrialSource {
  func lease(to worker: Worker) async throws(StudyError) -> [TrialAssignment] {
    try await perform { $0.lease(to: worker, at: $1) }.value
  }

  func report(
    _ trials: [TrialAssignment], _ report: WorkReport, leaseFor worker: Worker?
  ) async throws(StudyError) -> [TrialAssignment] {
    try await perform { $0.report(trials, report, leaseFor: worker, at: $1) }.value
  }

  func heartbeat(_ trials: [TrialAssignment]) async throws(StudyError) -> [TrialAssignment] {
    try await perform { $0.heartbeat(trials, at: $1) }.value
  }

  func leaseAhead() async throws(StudyError) -> AheadAssignment? {
    try await perform { ledger, _ in ledger.leaseAhead() }.value
  }

  func report(
    _ assignment: AheadAssignment, _ evaluations: [RecordedEvaluation], leaseFor worker: Worker?
  ) async throws(StudyError) -> [TrialAssignment] {
    try await perform { $0.report(ahead: assignment, evaluations, leaseFor: worker, at: $1) }.value
  }
}

/// What callers ask of a study.
extension StudyRunner {
  func pause(revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await perform(needsTrials: { !$0.state.isFinished }) { ledger, moment throws(StudyError) in
      try ledger.pause(revision: revision, at: moment)
    }
  }

  func resume(revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await perform(needsTrials: { !$0.state.isFinished }) { ledger, moment throws(StudyError) in
      try ledger.resume(revision: revision, at: moment)
    }
  }

  func stop(revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await perform(needsTrials: { !$0.state.isFinished }) { ledger, moment throws(StudyError) in
      try ledger.stop(revision: revision, at: moment)
    }
  }

  func edit(_ patch: JSONValue, revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await perform(needsTrials: { StudyLedger.needsTrials(patch, of: $0) }) { ledger, moment throws(StudyError) in
      try ledger.edit(patch, revision: revision, at: moment)
    }
  }

  func delete(revision: Int?) async throws(StudyError) {
    _ = try await perform(needsTrials: { _ in false }) { ledger, _ throws(StudyError) in
      try ledger.delete(revision: revision)
    }
  }

  /// The descents of a local search; nil where the algorithm has none.
  func descents() async throws(StudyError) -> [Descent]? {
    try await perform { ledger, _ in ledger.descents }.value
  }

  /// Tells those who follow the study that what it shows has changed, though nothing of its row has.
  func touch() async throws(StudyError) {
    _ = try await perform(needsTrials: { _ in false }) { ledger, _ in ledger.touch() }
  }
}
