import Foundation
import JSONText
import PruningRules
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Trials that end early: horizons, judges, outcomes.
@Suite struct PruningTests {
  private func bench(
    _ algorithm: JSONValue, pruning: JSONValue? = ["rule": "median", "minimum_trials": 2], parallelism: Int = 3,
    trials: Int = 30
  ) throws -> LedgerBench {
    var more: [(String, JSONValue)] = [("parallelism", .number(Double(parallelism)))]
    if let pruning { more.append(("pruning", pruning)) }
    return try LedgerBench(
      StudyBench.definition("s", algorithm: algorithm, budget: ["trials": .number(Double(trials))], more: more))
  }

  @Test(arguments: SameTrialsTests.algorithms, SameTrialsTests.rules)
  func someTrialsArePruned(_ algorithm: JSONValue, _ rule: JSONValue) throws {
    var bench = try bench(algorithm, pruning: rule)
    bench.work()
    let states = bench.trials.values.map(\.state)
    #expect(states.contains(.pruned) && states.contains(.completed))
    for trial in bench.trials.values where trial.state == .pruned {
      #expect(trial.value == nil && trial.scores.isEmpty && trial.prunedValue != nil && trial.prunedAtStep != nil)
      #expect(trial.error == nil && trial.metrics["validation_accuracy"] == trial.prunedValue)
      #expect(bench.curves[trial.number]?.points.last?.step == trial.prunedAtStep)
      #expect(trial.observed(nil) == .pruned(value: trial.prunedValue, at: trial.prunedAtStep))
    }
    bench.check()
  }

  /// Trial k waits for the outcomes up to max(h(k − 1), its own horizon, k − parallelism).
  @Test(arguments: SameTrialsTests.algorithms) func horizons(_ algorithm: JSONValue) throws {
    var (judged, plain) = (try bench(algorithm), try bench(algorithm, pruning: nil))
    for _ in 0..<2 {
      judged.work()
      plain.work()
    }
    var before = 0
    for trial in judged.trials.values.sorted(by: { $0.number < $1.number }) {
      #expect(trial.horizon >= max(before, trial.number - 3, 0) && trial.horizon < trial.number)
      before = trial.horizon
    }
    if algorithm["name"] == "grid" {
      #expect(judged.trials.values.allSatisfy { $0.horizon == max(0, $0.number - 3) })
      #expect(plain.trials.values.allSatisfy { $0.horizon == 0 })
      #expect(plain.trials.mapValues(\.point) == judged.trials.mapValues(\.point))
    }
  }

  /// As many trials run at once as `parallelism` says, and the next begins when the one that it waits for has ended.
  @Test func parallelismBoundsWhatRuns() throws {
    var bench = try bench(["name": "grid"])
    let out = (1...4).map { bench.lease(to: "w\($0)") }
    #expect(out.map { $0.map(\.number) } == [[1], [2], [3], []])
    #expect(bench.ledger.search.known == .awaits(1))
    bench.report(out[1]) { _ in StudyBench.completed(0.5) }
    #expect(bench.lease(to: "w2").isEmpty)
    bench.report(out[0]) { _ in StudyBench.completed(0.5) }
    // Trial 4 waits for 1 and trial 5 for 2.
    #expect(bench.lease(to: "w1").map(\.number) == [4])
    #expect(bench.lease(to: "w2").map(\.number) == [5])
    #expect(bench.lease(to: "w4").isEmpty)
    #expect(bench.trials[4]?.horizon == 1 && bench.trials[5]?.horizon == 2)
  }

  @Test func anEditOfParallelismCountsFromTheNextTrial() throws {
    var bench = try bench(["name": "random"])
    bench.work(6)
    try bench.edit(["parallelism": 1])
    #expect(bench.lease(to: "w1").map(\.number) == [7])
    #expect(bench.trials[7]?.horizon == 6 && bench.lease(to: "w2").isEmpty)
    try bench.edit(["parallelism": 8])
    #expect(bench.lease(to: "w2").map(\.number) == [8])
    #expect(bench.trials[8]?.horizon == 6, "horizons never go back")
    let replayed = try bench.replayed(held: bench.ledger.running)
    expectSame(replayed, bench.ledger)
  }

  /// While it waits, an idle worker takes what a counted search will ask for, with the rule as a guess.
  @Test func aCountedSearchIsWorkedOnAhead() throws {
    var bench = try bench(["name": "random"], parallelism: 1, trials: 4)
    let first = bench.lease(to: "w1")
    let ahead = (0..<4).map { _ in bench.ledger.leaseAhead() }
    #expect(ahead.map { $0 == nil } == [false, false, false, true])
    #expect(ahead.compactMap { $0?.judge?.horizon } == [0, 0, 0])
    bench.report(first) { StudyBench.outcome($0) }
    bench.work()
    #expect(ahead.compactMap { $0?.point } == (2...4).compactMap { bench.trials[$0]?.point })
  }

  /// A trial that is tried again is judged by what its horizon said, however much is known by then.
  @Test func aTrialKeepsItsJudge() throws {
    var bench = try bench(["name": "grid"], parallelism: 20)
    let out = (1...10).map { bench.lease(to: "w\($0)") }
    for trials in out.dropFirst() { bench.report(trials) { _ in StudyBench.completed(1) } }
    #expect(out[0][0].judge?.horizon == 0)
    bench.report(out[0]) { _ in .failed(message: "gone", class: .lost) }
    let again = try #require(bench.lease(to: "w1").first)
    #expect(again.number == 1 && again.attempt == 2 && again.judge?.horizon == 0)
    bench.ledger = try bench.replayed(held: [:])
    bench.store()
    let third = try #require(bench.lease(to: "w1").first)
    #expect(third.number == 1 && third.attempt == 3 && third.judge?.horizon == 0)
  }

  /// What the search itself had seen is kept with the trial, where the trial waits for more.
  @Test func aReplayShowsTheSearchNoMoreThanItAskedFor() throws {
    var bench = try bench(["name": "approximate_gradient", "preset": "paper"], parallelism: 2)
    bench.work()
    let own = bench.trials.values.compactMap { trial in
      trial.origin.facts.first { $0.name == "search_horizon" }.map { (trial.horizon, $0.value.number ?? -1) }
    }
    #expect(!own.isEmpty && own.allSatisfy { Double($0) > $1 })
    expectSame(try bench.replayed(held: [:]), bench.ledger)
  }

  // MARK: Trials that callers run

  /// Eight points; a trial is judged from step 1 on by the trials that completed, two at least.
  private func external() throws -> LedgerBench {
    try LedgerBench([
      "name": "s", "model": ["kind": "external"],
      "parameters": ["a": ["type": "integer", "min": 1, "max": 8]],
      "objective": ["metric": "score", "goal": "maximize"], "algorithm": ["name": "grid"], "parallelism": 2,
      "pruning": ["rule": "median", "minimum_trials": 2],
    ])
  }

  private func measure(
    _ bench: inout LedgerBench, _ held: HeldTrial, _ step: Int, _ score: Double
  ) throws -> LeaseAnswer? {
    defer { bench.store() }
    return try bench.ledger.measure(
      CurvePoint(step: step, metrics: ["score": score]), of: held.trial.number, lease: held.lease.id,
      moment: bench.moment)
  }

  /// Two trials completed that had 0.8 at steps 1 and 2.
  private func begun() throws -> LedgerBench {
    var bench = try external()
    for held in try bench.ask("w", count: 2).trials {
      for step in 1...2 { #expect(try measure(&bench, held, step, 0.8)?.reason == nil) }
      _ = try bench.tell(.metrics(["score": 0.8]), of: held.trial.number)
    }
    return bench
  }

  @Test func theVerdictOnAMeasurementIsTheOutcome() throws {
    var bench = try begun()
    let held = try bench.ask("w", count: 2).trials
    #expect(held.map(\.trial.horizon) == [1, 2])
    #expect(try measure(&bench, held[0], 1, 0.1)?.reason == nil, "up to its horizon one trial has completed")
    #expect(try measure(&bench, held[1], 1, 0.1)?.reason == .pruned)
    #expect(bench.stored.contains("report 4 1") && bench.stored.contains("4 pruned"), "in one transaction")
    let trial = try #require(bench.trials[4])
    #expect(trial.state == .pruned && trial.prunedValue == 0.1 && trial.prunedAtStep == 1 && trial.value == nil)
    #expect(trial.metrics == ["score": 0.1] && trial.computeSeconds == nil && bench.leases[4] == nil)
    #expect(bench.study?.counts.pruned == 1)
    // What comes later finds a trial with an outcome.
    #expect(try measure(&bench, held[1], 2, 0.9) == nil)
    #expect(try bench.tell(.metrics(["score": 0.9]), of: 4) == nil)
    bench.check()
  }

  /// After a restart a trial is judged by all that was told of it before.
  @Test func aRestartForgetsNoReport() throws {
    var bench = try begun()
    _ = try bench.ask("v")
    let held = try bench.ask("w").trials[0]
    #expect(held.trial.number == 4)
    #expect(try measure(&bench, held, 1, 0.9)?.reason == nil)
    bench.ledger = try bench.replayed(held: bench.ledger.running)
    #expect(try measure(&bench, held, 2, 0.1)?.reason == nil, "its best value is as good as the others' were")
    // A new attempt begins a new curve, before and after a restart.
    _ = try bench.release(4, held.lease.id)
    bench.ledger = try bench.replayed(held: bench.ledger.running)
    let again = try bench.ask("w").trials[0]
    #expect(again.trial.number == 4 && again.trial.attempt == 2)
    #expect(try measure(&bench, again, 2, 0.1)?.reason == .pruned)
    bench.check()
  }

  /// Nobody here can work on a point of a caller's model.
  @Test func nothingOfAnExternalStudyIsWorkedOnAhead() throws {
    var bench = try external()
    #expect(try bench.ask("w", count: 3).trials.count == 2)
    #expect(bench.ledger.search.known == .awaits(1) && bench.ledger.leaseAhead() == nil)
  }

  /// What was told before the end of a study is not of the attempt after it.
  @Test func aReopenedStudyBeginsNewCurves() throws {
    var bench = try LedgerBench([
      "name": "s", "model": ["kind": "external"], "parameters": ["a": ["type": "integer", "min": 1, "max": 8]],
      "objective": ["metric": "score", "goal": "maximize"], "algorithm": ["name": "grid"],
      "budget": ["seconds": 10], "pruning": ["rule": "median"],
    ])
    let held = try bench.ask("w").trials[0]
    #expect(try measure(&bench, held, 5, 0.9)?.reason == nil)
    bench.pass(20)
    bench.wake()
    #expect(bench.trials[1]?.state == .stopped)
    try bench.edit(["budget": ["seconds": 100]])
    #expect(bench.stored.contains("forget 1") && bench.reports[1] == nil)
    let again = try bench.ask("w").trials[0]
    #expect(again.trial.number == 1)
    #expect(try measure(&bench, again, 1, 0.5)?.reason == nil)
    bench.check()
  }

  @Test func studiesWithoutPruningAreNotJudged() throws {
    var bench = try bench(["name": "grid"], pruning: nil)
    #expect(bench.lease().allSatisfy { $0.judge == nil } && bench.ledger.judging == nil)
  }
}
