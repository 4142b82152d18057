import JSONText
import StudyDefinitions
import TestSupport

@testable import Studies

/// Every state that a study can be in, with trials out where it can have any, and every event that can meet it.
enum StudyEventTable {
  /// Where a study is when the event comes.
  enum State: String, CaseIterable {
    /// Two trials run, two are left of the budget.
    case running
    /// The same, and paused.
    case paused
    /// Four trials were the budget, and all have an outcome.
    case completed
    /// The seconds were used up while two trials ran.
    case outOfTime
    /// All four points have an outcome, before the budget was used up.
    case exhausted
    /// A person stopped it while two trials ran.
    case stopped
    /// Twenty trials failed in a row.
    case failed
    case deleted
  }

  /// What comes. Reports are of trial 1, under the lease that it was last handed out under.
  enum Event: String, CaseIterable {
    case lease, leaseAhead, wake
    case completed, infeasible, failed, lost, returned, diverged, reused
    case staleLease, completedAndLease, ahead, heartbeat
    case pause, resume, stop, delete, oldRevision
    case moreTrials, moreSeconds, fewerTrials, notes
    case deadline, shutDown, touch
  }

  /// Brings a study into a state; gives what was handed out last of trial 1, too.
  static func make(_ state: State) throws -> (bench: LedgerBench, trial: TrialAssignment) {
    let algorithm: JSONValue = ["name": "random"]
    var bench: LedgerBench
    switch state {
    case .exhausted:
      bench = try LedgerBench(
        StudyBench.definition("s", algorithm: ["name": "grid"], sizes: [4], budget: ["trials": 9, "seconds": 60]))
    case .failed:
      bench = try LedgerBench(
        StudyBench.definition("s", algorithm: algorithm, sizes: [6, 6], budget: ["trials": 30, "seconds": 60]))
    default:
      bench = try LedgerBench(
        StudyBench.definition("s", algorithm: algorithm, sizes: [3, 4], budget: ["trials": 4, "seconds": 60]))
    }
    let first = bench.lease(to: "v")
    if state == .exhausted || state == .failed || state == .completed {
      bench.report(first) { _ in state == .failed ? .failed(message: "no", class: .error) : StudyBench.completed(1) }
      bench.work { _ in state == .failed ? .failed(message: "no", class: .error) : StudyBench.completed(1) }
    } else {
      bench.lease(to: "w")
    }
    switch state {
    case .paused: _ = try bench.ledger.pause(revision: nil, at: bench.moment)
    case .stopped: _ = try bench.ledger.stop(revision: nil, at: bench.moment)
    case .deleted: _ = try bench.ledger.delete(revision: nil)
    case .outOfTime:
      bench.pass(60)
      bench.wake()
    case .running, .completed, .exhausted, .failed: break
    }
    bench.store()
    return (bench, first[0])
  }

  /// Lets an event happen; gives what answers it.
  static func happen(_ event: Event, to bench: inout LedgerBench, _ trial: TrialAssignment) throws(StudyError) -> String
  {
    let now = bench.moment
    func report(
      _ outcome: TrialReport, of trial: TrialAssignment, leaseFor worker: Worker? = nil
    ) -> String {
      let next = bench.ledger.report(
        [trial], WorkReport(trials: [trial.number: outcome]), leaseFor: worker, at: now)
      return list(next)
    }
    switch event {
    case .lease: return list(bench.ledger.lease(to: "x", at: now))
    case .leaseAhead: return bench.ledger.leaseAhead() == nil ? "" : "a point"
    case .wake: bench.ledger.settle(at: now)
    case .completed: return report(StudyBench.completed(1), of: trial)
    case .infeasible: return report(.infeasible(reason: "diverged", computeSeconds: 1), of: trial)
    case .failed: return report(.failed(message: "no", class: .error), of: trial)
    case .lost: return report(.failed(message: "gone", class: .lost), of: trial)
    case .returned: return report(.returned, of: trial)
    case .diverged: return report(StudyBench.completed(.nan), of: trial)
    case .reused:
      return report(
        .completed(
          scores: [1], metrics: [:], curve: LearningCurve(names: []), computeSeconds: 1, reusedFrom: "t/trials/1"),
        of: trial)
    case .staleLease:
      var stale = trial
      stale.lease = Lease(worker: "x")
      return report(StudyBench.completed(1), of: stale)
    case .completedAndLease: return report(StudyBench.completed(1), of: trial, leaseFor: "v")
    case .ahead:
      let assignment = AheadAssignment(
        study: trial.study, studyName: "s", definition: trial.definition, point: trial.point, replicate: 0,
        cancellation: CancellationFlag())
      let evaluation = RecordedEvaluation(
        key: EvaluationKey([1]), outcome: .diverged(iteration: 1), study: trial.study, origin: "s", computeSeconds: 1)
      return list(bench.ledger.report(ahead: assignment, [evaluation], leaseFor: nil, at: now))
    case .heartbeat: return list(bench.ledger.heartbeat([trial], at: now))
    case .pause: return ok(try bench.ledger.pause(revision: nil, at: now))
    case .resume: return ok(try bench.ledger.resume(revision: nil, at: now))
    case .stop: return ok(try bench.ledger.stop(revision: nil, at: now))
    case .delete: _ = try bench.ledger.delete(revision: nil)
    case .oldRevision: return ok(try bench.ledger.pause(revision: 99, at: now))
    case .moreTrials: return try edit(["budget": ["trials": 40]], &bench)
    case .moreSeconds: return try edit(["budget": ["seconds": 120]], &bench)
    case .fewerTrials: return try edit(["budget": ["trials": 1]], &bench)
    case .notes: return try edit(["notes": "n"], &bench)
    case .deadline:
      bench.pass(60)
      bench.ledger.settle(at: bench.moment)
    case .shutDown: bench.ledger.shutDown()
    case .touch: bench.ledger.touch()
    }
    return ""
  }

  private static func edit(_ patch: JSONValue, _ bench: inout LedgerBench) throws(StudyError) -> String {
    ok(try bench.ledger.edit(patch, revision: nil, at: bench.moment))
  }

  /// The answer tells the revision that will be stored.
  private static func ok(_ study: Study) -> String { "ok \(study.revision)" }

  private static func list(_ trials: [TrialAssignment]) -> String {
    trials.isEmpty ? "" : "gives " + trials.map { "\($0.number)" }.joined(separator: " ")
  }
}
