import JSONText
import SearchAlgorithms
import StudyDefinitions

/// What is asked of a study: each is one event for its ledger.
extension StudyRunner {
  /// The next trials for a worker; empty if there are none now.
  func lease(worker: String) async throws(StudyError) -> [TrialAssignment] {
    try await perform { $0.lease(to: worker, at: $1) }.value
  }

  /// Takes a worker's report and, in the same transaction, gives `worker`, if any, the study's next trials.
  func report(
    _ trials: [TrialAssignment], _ report: WorkReport, leaseFor worker: String?
  ) async throws(StudyError) -> [TrialAssignment] {
    try await perform { $0.report(trials, report, leaseFor: worker, at: $1) }.value
  }

  /// A point to evaluate before anybody asks for it; nil if there is none.
  func leaseAhead() async throws(StudyError) -> AheadAssignment? {
    try await perform { ledger, _ in ledger.leaseAhead() }.value
  }

  /// Takes what came of a point that was evaluated ahead, and gives `worker`, if any, the study's next trials.
  func report(
    _ assignment: AheadAssignment, _ evaluations: [RecordedEvaluation], leaseFor worker: String?
  ) async throws(StudyError) -> [TrialAssignment] {
    try await perform { $0.report(ahead: assignment, evaluations, leaseFor: worker, at: $1) }.value
  }

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
