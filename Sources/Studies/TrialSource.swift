/// What the queue takes trials from, and gives reports of them to: a study.
///
/// Each call is stored before it returns, and throws where it could not be.
protocol TrialSource: Sendable {
  /// The next trials for a worker; empty if there are none now.
  func lease(to worker: Worker) async throws(StudyError) -> [TrialAssignment]

  /// Takes a worker's report and, in the same transaction, gives `worker`, if any, the next trials.
  func report(
    _ trials: [TrialAssignment], _ report: WorkReport, leaseFor worker: Worker?
  ) async throws(StudyError) -> [TrialAssignment]

  /// Renews the leases of trials that a worker still runs; gives those that are still wanted.
  func heartbeat(_ trials: [TrialAssignment]) async throws(StudyError) -> [TrialAssignment]

  /// A point to evaluate before anybody asks for it; nil if there is none.
  func leaseAhead() async throws(StudyError) -> AheadAssignment?

  /// Takes what came of a point that was evaluated ahead, and gives `worker`, if any, the next trials.
  func report(
    _ assignment: AheadAssignment, _ evaluations: [RecordedEvaluation], leaseFor worker: Worker?
  ) async throws(StudyError) -> [TrialAssignment]
}
