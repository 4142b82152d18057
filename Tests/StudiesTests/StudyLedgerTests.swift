import Foundation
import JSONText
import SearchAlgorithms
import SearchSpace
import StudyDefinitions
import Synchronization
import TestSupport
import Testing

@testable import Studies

/// The life of a study as a value: its ends, its failures, its clock.
@Suite struct StudyLedgerTests {
  @Test func theSpaceIsUsedUp() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    bench.work(59)
    bench.report(bench.lease()) { StudyBench.outcome($0) }
    bench.check()
    let study = try #require(bench.study)
    #expect(study.state == .completed && study.stopReason?.code == .spaceExhausted)
    #expect(study.counts.numbered == 60 && study.finishedAt != nil)
    #expect(bench.stored.last == "study", "the study's end is told after those of its trials")
    #expect(bench.lease().isEmpty && bench.stored.isEmpty)
  }

  @Test func theBudgetIsNeverOvershot() throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: ["name": "random"], budget: ["trials": 17]))
    var out: [TrialAssignment] = []
    for worker in 1...30 { out += bench.lease(to: "w\(worker)") }
    #expect(out.map(\.number) == Array(1...17))
    #expect(!bench.ledger.hasWork && bench.study?.state == .running)
    for trial in out.reversed() {
      bench.report([trial], { StudyBench.outcome($0) }, leaseFor: Worker(name: trial.lease.worker))
    }
    bench.check()
    #expect(bench.study?.stopReason?.code == .budgetTrials && bench.study?.counts.numbered == 17)
  }

  @Test func maxRunningBoundsWhatRuns() throws {
    var bench = try LedgerBench(StudyBench.definition("s", more: [("max_running", 2)]))
    let out = bench.lease(to: "v") + bench.lease(to: "w")
    #expect(out.count == 2 && bench.lease(to: "x").isEmpty)
    #expect(bench.ledger.status(at: bench.moment).waitingFor == .maxRunning)
    #expect(bench.report([out[0]], { StudyBench.outcome($0) }, leaseFor: "v").map(\.number) == [3])
    try bench.edit(["max_running": 3])
    #expect(bench.lease(to: "x").map(\.number) == [4] && bench.lease(to: "y").isEmpty)
  }

  @Test func whatItWaitsFor() throws {
    var bench = try LedgerBench(
      StudyBench.definition(
        "s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 30]))
    func waiting() -> WaitingFor? { bench.ledger.status(at: bench.moment).waitingFor }
    #expect(waiting() == .workers)
    let first = bench.lease()
    #expect(waiting() == .results, "the poll begins once the start is known")
    _ = try bench.ledger.pause(revision: nil, at: bench.moment)
    #expect(waiting() == .paused)
    bench.report(first) { StudyBench.outcome($0) }
    _ = try bench.ledger.resume(revision: nil, at: bench.moment)
    #expect(waiting() == .workers)
    _ = try bench.ledger.stop(revision: nil, at: bench.moment)
    #expect(waiting() == nil)
  }

  @Test func pauseLetsRunningTrialsFinish() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    let out = bench.lease(to: "v") + bench.lease(to: "w")
    _ = try bench.ledger.pause(revision: nil, at: bench.moment)
    bench.store()
    #expect(bench.cancelled == 0 && out.allSatisfy { !$0.cancellation.isSet })
    for trial in out { #expect(bench.report([trial], { StudyBench.outcome($0) }, leaseFor: "v").isEmpty) }
    bench.check()
    #expect(bench.study?.counts.numbered == 2 && bench.study?.counts.running == 0 && bench.study?.state == .paused)
    _ = try bench.ledger.resume(revision: nil, at: bench.moment)
    bench.work()
    #expect(bench.study?.state == .completed)
  }

  /// A paused study whose last trial ends goes on pausing, and ends when it is resumed.
  @Test func theEndWaitsForResume() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [2]))
    let out = bench.lease(to: "v") + bench.lease(to: "w")
    _ = try bench.ledger.pause(revision: nil, at: bench.moment)
    bench.report(out) { _ in StudyBench.completed(1) }
    #expect(bench.study?.state == .paused)
    #expect(try bench.ledger.resume(revision: nil, at: bench.moment).state == .completed)
  }

  @Test(arguments: [19, 20]) func failuresInARowEndAStudy(_ count: Int) throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [10, 10]))
    var out: [TrialAssignment] = []
    for worker in 0...24 { out += bench.lease(to: "w\(worker)") }
    // Trial 3 is the last to fail: until then what failed behind it is not in a row.
    for trial in out[3..<count + 2].reversed() + [out[0], out[1]] {
      bench.report([trial]) {
        $0.number <= 2 ? StudyBench.completed(1) : .failed(message: "no", class: .error)
      }
    }
    #expect(bench.study?.state == .running)
    bench.report([out[2]]) { _ in .failed(message: "no", class: .error) }
    #expect(bench.study?.state == (count == 20 ? .failed : .running))
    #expect(bench.study?.stopReason?.code == (count == 20 ? .failureLimit : nil))
    bench.check()
  }

  @Test func lostTrialsAreTriedThreeTimes() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [3]))
    bench.work { $0.number == 2 ? .failed(message: "gone", class: .lost) : StudyBench.completed(1) }
    bench.check()
    let trial = try #require(bench.trials[2])
    #expect(trial.state == .failed && trial.attempt == 3 && trial.error == "gone" && trial.failureClass == .lost)
    #expect(bench.study?.reproducible.through == 1 && bench.study?.state == .completed)
  }

  @Test func aTrialOfItsOwnFaultIsTriedOnce() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [3]))
    bench.work { $0.number == 2 ? .failed(message: "no", class: .error) : StudyBench.completed(1) }
    #expect(bench.trials[2]?.attempt == 1 && bench.study?.reproducible.through == nil)
  }

  @Test func whatIsTriedAgainGoesFirst() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    let out = (1...4).flatMap { bench.lease(to: "w\($0)") }
    bench.report([out[2], out[1]]) { _ in .returned }
    #expect(bench.lease(to: "x").map { [$0.number, $0.attempt] } == [[2, 2]])
    #expect(bench.lease(to: "x").map { [$0.number, $0.attempt] } == [[3, 2]])
    #expect(bench.lease(to: "x").map(\.number) == [5])
    // The old leases are no longer good.
    bench.report([out[1]]) { _ in StudyBench.completed(1) }
    #expect(bench.stored.isEmpty && bench.trials[2]?.state == .running)
  }

  @Test func otherArithmeticEndsThePromise() throws {
    var bench = try LedgerBench(StudyBench.definition("s"), numerics: 1)
    bench.work(3)
    #expect(bench.study?.reproducible.through == nil)
    var rules = bench.rules
    rules.validator.context.numerics = 2
    var replay = StudyReplay(try #require(bench.study), rules: rules, at: bench.moment)
    for number in 1...3 { replay.add(try #require(bench.trials[number])) }
    bench.ledger = replay.finish()
    bench.work(2)
    #expect(bench.study?.reproducible.through == 3)
    #expect(bench.study?.reproducible.reason?.contains("numerics 2") == true)
  }

  @Test func aLargerBudgetReopens() throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 9]))
    bench.work()
    #expect(bench.study?.stopReason?.code == .budgetTrials)
    try bench.edit(["budget": ["trials": 25]])
    let study = try #require(bench.study)
    #expect(study.state == .running && study.stopReason == nil && study.finishedAt == nil)
    #expect(study.edits.map(\.fromTrial) == [10])
    bench.work()
    bench.check()
    #expect(bench.study?.counts.numbered == 25)
    var straight = try LedgerBench(
      StudyBench.definition(
        "s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 25]))
    straight.work()
    #expect(bench.table == straight.table)
  }

  @Test func secondsEndAStudyAndMoreReopenIt() throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: ["name": "random"], budget: ["seconds": 60], more: [("max_running", 2)]))
    bench.work(4)
    let out = bench.lease(to: "v") + bench.lease(to: "w")
    #expect(bench.ledger.deadline == 1060)
    // A clock that is set uses up no seconds.
    for step in [3600.0, -7200] {
      bench.moment.date += step
      try bench.edit(["labels": ["step": .string("\(step)")]])
    }
    bench.pass(59.5)
    try bench.edit(["labels": ["step": "none"]])
    #expect(bench.study?.state == .running && bench.study?.elapsedSeconds == 59.5)
    bench.pass(0.5)
    #expect(bench.lease(to: "x").isEmpty)
    bench.check()
    let ended = try #require(bench.study)
    #expect(ended.state == .completed && ended.stopReason?.code == .budgetSeconds && ended.elapsedSeconds == 60)
    #expect(bench.cancelled == 2 && bench.ledger.deadline == nil)
    #expect(bench.trials.values.filter { $0.state == .stopped }.map(\.durationSeconds) == [60, 60])
    // Nothing that comes after its end changes it.
    bench.pass(1)
    bench.report(out) { _ in StudyBench.completed(1) }
    #expect(bench.stored.isEmpty)
    try bench.edit(["budget": ["seconds": 1000]])
    #expect(bench.ledger.deadline == 2001)
    bench.work()
    let whole = try #require(bench.study)
    #expect(whole.counts.stopped == 0 && whole.stopReason?.code == .spaceExhausted)
    #expect(Set(bench.trials.values.filter { $0.attempt > 1 }.map(\.number)) == Set(out.map(\.number)))
  }

  @Test func aPauseUsesUpNoSeconds() throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: ["name": "random"], budget: ["seconds": 60]))
    bench.pass(50)
    _ = try bench.ledger.pause(revision: nil, at: bench.moment)
    bench.pass(1000)
    #expect(bench.ledger.deadline == nil)
    _ = try bench.ledger.resume(revision: nil, at: bench.moment)
    bench.store()
    #expect(bench.study?.elapsedSeconds == 50 && bench.ledger.deadline == bench.moment.seconds + 10)
  }

  @Test(arguments: [3600.0, -3600]) func noTimeLiesBeforeOneThatItFollows(_ step: Double) throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [3]))
    var before = try #require(bench.study).createdAt
    while bench.study?.state == .running {
      let trials = bench.lease()
      bench.moment.date += step
      bench.pass(4)
      bench.report(trials) { _ in StudyBench.completed(1) }
      let trial = try #require(trials.first.flatMap { bench.trials[$0.number] })
      let (started, finished) = (try #require(trial.startedAt), try #require(trial.finishedAt))
      #expect(before <= trial.createdAt && trial.createdAt <= started && started <= finished)
      #expect(trial.durationSeconds == 4)
      before = finished
    }
    let study = try #require(bench.study)
    #expect(before <= (try #require(study.finishedAt)) && before <= study.updatedAt && study.elapsedSeconds == 12)
  }

  @Test func tenCrashesWithOneTrialPauseTheStudy() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    for life in 1...10 {
      #expect(bench.study?.state == .running)
      #expect(bench.lease().map(\.attempt) == [life])
      try die(&bench)
    }
    #expect(bench.study?.state == .paused && bench.study?.stateReason?.contains("Trial 1 ") == true)
    #expect(bench.trials[1]?.crashes == 10)
    let resumed = try bench.ledger.resume(revision: nil, at: bench.moment)
    #expect(resumed.state == .running && resumed.stateReason == nil)
    bench.store()
    #expect(bench.trials[1]?.crashes == 0)
    bench.work()
    #expect(bench.study?.state == .completed)
  }

  @Test func anOutcomeForgivesCrashes() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    for _ in 1...9 {
      bench.lease()
      try die(&bench)
    }
    let out = bench.lease()
    bench.report(bench.lease()) { _ in StudyBench.completed(1) }
    #expect(bench.trials[1]?.crashes == 0)
    try die(&bench)
    #expect(bench.study?.state == .running && bench.trials[1]?.crashes == 1 && out[0].number == 1)
  }

  /// The service dies and starts again: what ran is put back into the line before all else.
  private func die(_ bench: inout LedgerBench) throws {
    bench.ledger = StudyLedger(
      try #require(bench.study), rules: bench.rules, knowsTrials: false, at: bench.moment)
    let ran = bench.trials.values.filter { $0.state == .running }.sorted { $0.number < $1.number }
    #expect(bench.ledger.recover(ran, leases: bench.leases, at: bench.moment).isEmpty)
    bench.ledger.pauseAfterCrashes(at: bench.moment)
    bench.store()
    bench.ledger = try bench.replayed(held: [:])
    bench.wake()
    bench.check()
  }

  /// A search that counts how often it is asked.
  private struct Counting: LearningSearch {
    final class Tally: Sendable {
      let asked = Atomic<Int>(0)
    }
    let base: any SearchAlgorithm
    let tally: Tally
    var likely: [Point] { (base as? any LearningSearch)?.likely ?? [] }

    init(_ base: any SearchAlgorithm, _ tally: Tally) { (self.base, self.tally) = (base, tally) }
    func propose(_ number: Int) -> Proposal {
      tally.asked.add(1, ordering: .relaxed)
      return base.propose(number)
    }
    mutating func register(_ number: Int, _ suggestion: Suggestion) { self = with { $0.register(number, suggestion) } }
    mutating func admit(_ number: Int, _ point: Point) {}
    mutating func observe(_ number: Int, _ outcome: ObservedOutcome) { self = with { $0.observe(number, outcome) } }
    private func with(_ body: (inout any SearchAlgorithm) -> Void) -> Counting {
      var base = base
      body(&base)
      return Counting(base, tally)
    }
  }

  /// The search is asked once for each number, and once more for each outcome that it is shown.
  @Test func aProposalIsAskedForOnce() throws {
    let tally = Counting.Tally()
    let definition = StudyBench.definition(
      "s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 30])
    let plain = try LedgerBench(definition)
    var rules = plain.rules
    rules.algorithm = { Counting(StudySupervisor.catalogued($0), tally) }
    var ledger = StudyLedger(try #require(plain.study), rules: rules, knowsTrials: true, at: plain.moment)
    var reported = 0
    while ledger.study.state == .running {
      let trials = ledger.lease(to: "w", at: plain.moment)
      _ = ledger.status(at: plain.moment)
      ledger.settle(at: plain.moment)
      for trial in trials {
        reported += 1
        _ = ledger.report(
          [trial], WorkReport(trials: [trial.number: StudyBench.outcome(trial)]), leaseFor: nil, at: plain.moment)
      }
    }
    #expect(reported == 30)
    #expect(tally.asked.load(ordering: .relaxed) <= 1 + 2 * 30)
  }
}
