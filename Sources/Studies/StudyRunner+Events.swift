import Foundation
import JSONText
import SearchAlgorithms
import SearchSpace
import StudyDefinitions

/// What workers ask of a study: each is one event for its ledger.
extension StudyRunner: TrialSource {
  /// How long trials whose outcomes are known at once follow one another in one transaction, in seconds: much longer than
  /// a commit takes, and too short for a person to wait for.
  private static let atOnceSeconds = 0.02
  /// How many of them there are at most, one after the other.
  private static let mostAtOnce = 1000

  func lease(to worker: Worker) async throws(StudyError) -> [TrialAssignment] {
    try await perform { [dependencies] ledger, moment in
      let trials = ledger.lease(to: worker, at: moment)
      return Self.goOn(after: trials, as: worker, &ledger, dependencies)
    }.value
  }

  func report(
    _ trials: [TrialAssignment], _ report: WorkReport, leaseFor worker: Worker?
  ) async throws(StudyError) -> [TrialAssignment] {
    try await perform { [dependencies] ledger, moment in
      let trials = ledger.report(trials, report, leaseFor: worker, at: moment)
      return worker.map { Self.goOn(after: trials, as: $0, &ledger, dependencies) } ?? trials
    }.value
  }

  /// Takes the outcomes that are known at once, and those of the trials that follow them, so that a commit has many of them;
  /// gives the trials that are left for the worker.
  private static func goOn(
    after trials: [TrialAssignment], as worker: Worker, _ ledger: inout StudyLedger, _ dependencies: Dependencies
  ) -> [TrialAssignment] {
    var trials = trials
    let end = dependencies.clock.seconds() + atOnceSeconds
    for _ in 0..<mostAtOnce where !trials.isEmpty && dependencies.clock.seconds() < end {
      var known = WorkReport()
      for trial in trials { known.trials[trial.number] = dependencies.outcomeAtOnce(trial) }
      guard known.trials.count == trials.count else { return trials }
      trials = ledger.report(trials, known, leaseFor: worker, at: dependencies.clock.moment)
    }
    return trials
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

  func confirm(_ terms: ConfirmDefinition, revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    // A refusal needs no trials.
    try await perform(needsTrials: { $0.state != .stopped && $0.state != .failed }) {
      ledger, moment throws(StudyError) in
      try ledger.confirm(terms, revision: revision, at: moment)
    }
  }

  /// Gives the leases that ended with it.
  func delete(revision: Int?) async throws(StudyError) -> [UUID] {
    try await perform(needsTrials: { _ in false }) { ledger, _ throws(StudyError) in
      try ledger.delete(revision: revision)
    }.value
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

/// What those ask and tell who run the trials of an external study.
extension StudyRunner {
  func handOut(_ request: TrialRequest) async throws(StudyError) -> Snapshot<HandedTrials> {
    // Of a study that has ended nothing is handed out, whatever its trials are.
    try await perform(needsTrials: { !$0.state.isFinished }) { ledger, moment throws(StudyError) in
      try ledger.handOut(request, at: moment)
    }
  }

  /// Waits for trials in the line of callers: nil where the wait ends without any.
  func handOutLater(
    _ request: TrialRequest, seconds: Double
  ) async throws(StudyError) -> Snapshot<HandedTrials>? {
    // What was freed since the caller last asked is handed out at once.
    try await callers.wait(with: request, seconds: seconds) { Task { await self.beginToDrain() } }?.get()
  }

  func heartbeat(_ number: Int, lease: UUID) async throws(StudyError) -> LeaseAnswer? {
    try await perform { ledger, moment throws(StudyError) in
      try ledger.heartbeat(number, lease: lease, moment: moment)
    }.value
  }

  func measure(_ point: CurvePoint, of number: Int, lease: UUID) async throws(StudyError) -> LeaseAnswer? {
    try await perform { ledger, moment throws(StudyError) in
      try ledger.measure(point, of: number, lease: lease, moment: moment)
    }.value
  }

  func log(_ number: Int, lease: UUID, start: Int, bytes: [UInt8]) async throws(StudyError) -> Bool {
    try await perform { ledger, moment throws(StudyError) in
      try ledger.log(number, lease: lease, start: start, bytes: bytes, moment: moment)
    }.value
  }

  func release(_ number: Int, lease: UUID) async throws(StudyError) -> Snapshot<Trial?> {
    try await perform { ledger, moment throws(StudyError) in
      try ledger.release(number, lease: lease, moment: moment)
    }
  }

  /// Takes what became of trials, each by itself, and hands out the next where they are asked for: all in one transaction.
  func tell(
    _ told: [TrialTelling], next: TrialRequest?
  ) async throws(StudyError) -> Snapshot<(results: [TellingResult], next: HandedTrials?, study: Study)> {
    try await perform { ledger, moment throws(StudyError) in
      var results: [TellingResult] = []
      for one in told {
        do throws(StudyError) {
          let trial = try ledger.tell(one.outcome, of: one.number, at: one.pointer, moment: moment)
          results.append(trial.map { .taken($0) } ?? .hasOutcome)
        } catch { results.append(.refused(error)) }
      }
      // Who asks for more has told of one trial: where that is refused, nothing is handed out.
      var handed: HandedTrials?
      if let next, case .taken? = results.first { handed = try ledger.handOut(next, at: moment) }
      return (results, handed, ledger.asStored)
    }
  }
}

/// Points that a person asks for, and what a person does to a trial.
extension StudyRunner {
  func enqueue(_ point: Point) async throws(StudyError) -> Snapshot<EnqueuedPoint> {
    try await perform { ledger, moment throws(StudyError) in try ledger.enqueue(point, moment: moment) }
  }

  func withdraw(_ position: Int) async throws(StudyError) -> Bool {
    try await perform { ledger, moment throws(StudyError) in
      try ledger.withdraw(position, moment: moment)
    }.value
  }

  func retry(_ trial: Trial) async throws(StudyError) -> Snapshot<Trial> {
    try await perform { ledger, moment throws(StudyError) in try ledger.retry(trial, moment: moment) }
  }

  func takeBack(_ number: Int) async throws(StudyError) -> Snapshot<Trial?> {
    try await perform { ledger, moment throws(StudyError) in try ledger.takeBack(number, moment: moment) }
  }

  func fail(_ number: Int, _ reason: String) async throws(StudyError) -> Snapshot<Trial?> {
    try await perform { ledger, moment throws(StudyError) in try ledger.fail(number, reason, moment: moment) }
  }
}
