import Foundation
import JSONText
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Studies whose trials callers run: asked for, told of, given back, lost.
@Suite struct CallerTests {
  /// A grid of four points, judged by `score`.
  static func definition(_ more: [(String, JSONValue)] = []) -> JSONValue {
    var object = JSONObject([
      ("name", "s"), ("model", ["kind": "external"]),
      ("parameters", ["a": ["type": "integer", "values": [1, 2, 3, 4]]]),
      ("objective", ["metric": "score", "goal": "maximize"]), ("algorithm", ["name": "grid"]),
    ])
    for (name, value) in more { object[name] = value }
    return .object(object)
  }

  private func bench(_ more: [(String, JSONValue)] = []) throws -> LedgerBench {
    try LedgerBench(Self.definition(more))
  }

  @Test func numbersAndLeasesAreGiven() throws {
    var bench = try bench()
    let handed = try bench.ask("w1", count: 2)
    #expect(handed.trials.map(\.trial.number) == [1, 2] && handed.waitingFor == nil)
    #expect(handed.trials[0].lease.worker == "w1" && handed.trials[0].lease.expiresAt == bench.moment.date + 60)
    #expect(handed.trials[0].lease.id != handed.trials[1].lease.id)
    let rest = try bench.ask("w2", count: 5)
    #expect(rest.trials.map(\.trial.number) == [3, 4] && rest.waitingFor == .budget)
    bench.check()
  }

  @Test func theLocalPoolGetsNothing() throws {
    let bench = try bench()
    #expect(bench.ledger.hasWork, "there is work for callers")
    #expect(bench.study?.resolved.isExternal == true)
  }

  /// Idle workers of the service cannot evaluate what callers run.
  @Test func nothingRunsAheadOfCallers() throws {
    for algorithm in ["approximate_gradient", "gaussian_process", "tpe"] {
      var bench = try bench([("algorithm", ["name": .string(algorithm)]), ("parallelism", 1)])
      #expect(try bench.ask("w1", count: 1).trials.map(\.trial.number) == [1])
      #expect(try bench.ask("w2", count: 1).trials.isEmpty, "the search waits for the outcome")
      #expect(!bench.ledger.mayRunAhead && bench.ledger.leaseAhead() == nil)
    }
  }

  @Test func aWorkerGetsItsOwnAgainButWhatItHolds() throws {
    var bench = try bench()
    let first = try bench.ask("w", count: 2)
    let again = try bench.ask("w", count: 2, holding: [1])
    #expect(again.trials.map(\.trial.number) == [2, 3])
    #expect(again.trials[0].trial.attempt == 2 && again.trials[1].trial.attempt == 1)
    #expect(again.trials[0].lease.id != first.trials[1].lease.id, "the old lease is lost")
    #expect(throws: StudyError.self) {
      try bench.ledger.heartbeat(2, lease: first.trials[1].lease.id, moment: bench.moment)
    }
    #expect(try bench.ledger.heartbeat(1, lease: first.trials[0].lease.id, moment: bench.moment) != nil)
    bench.store()
    bench.check()
  }

  @Test func resultsEndTheStudy() throws {
    var bench = try bench()
    for number in 1...4 {
      _ = try bench.ask("w")
      let trial = try bench.tell(.metrics(["score": Double(number), "extra": 2]), of: number)
      #expect(trial?.state == .completed && trial?.value == Double(number) && trial?.scores == [Double(number)])
      #expect(trial?.metrics == ["score": Double(number), "extra": 2] && trial?.computeSeconds == nil)
      bench.check()
    }
    #expect(bench.study?.state == .completed && bench.ledger.metricNames == ["score", "extra"])
    #expect(try bench.tell(.metrics(["score": 1]), of: 1) == nil, "it has an outcome already")
  }

  @Test func theObjectiveIsNeeded() throws {
    var bench = try bench()
    _ = try bench.ask("w")
    #expect(throws: StudyError.self) { try bench.tell(.metrics(["extra": 1]), of: 1) }
    #expect(throws: StudyError.self) { try bench.tell(.metrics(["score": 1]), of: 2) }
    #expect(bench.trials[1]?.state == .running)
  }

  @Test func whatRunsOutGoesBackAndItsLateResultIsTaken() throws {
    var bench = try bench()
    let first = try bench.ask("w1", seconds: 10)
    bench.pass(9)
    _ = try bench.ledger.heartbeat(1, lease: first.trials[0].lease.id, moment: bench.moment)
    bench.pass(9)
    bench.wake()
    #expect(bench.trials[1]?.state == .running, "the heartbeat gave it ten seconds anew")
    bench.pass(1)
    bench.wake()
    #expect(bench.trials[1]?.state == .queued && bench.trials[1]?.expiredLeases == 1)
    #expect(try bench.ask("w2").trials.map { [$0.trial.number, $0.trial.attempt] } == [[1, 2]], "first in line")
    #expect(try bench.tell(.metrics(["score": 3]), of: 1)?.value == 3, "the first result wins, from any caller")
    bench.check()
  }

  @Test func theTenthLeaseInARowThatRunsOutIsAFailure() throws {
    var bench = try bench()
    for attempt in 1...9 {
      #expect(try bench.ask("w\(attempt)", seconds: 1).trials.map(\.trial.number) == [1])
      bench.pass(1)
      bench.wake()
      #expect(bench.trials[1]?.state == .queued)
    }
    // A word in between begins the count anew.
    let held = try bench.ask("w", seconds: 1).trials[0]
    _ = try bench.ledger.heartbeat(1, lease: held.lease.id, moment: bench.moment)
    for attempt in 1...10 {
      bench.pass(1)
      bench.wake()
      if attempt < 10 { #expect(try bench.ask("v\(attempt)", seconds: 1).trials.map(\.trial.number) == [1]) }
    }
    #expect(bench.trials[1]?.state == .failed && bench.trials[1]?.failureClass == .lost)
    #expect(bench.study?.reproducible.through == 0)
    bench.check()
  }

  @Test func failuresThatAreNotTheTrialsOwnAreTriedAgain() throws {
    var bench = try bench([("retries", 2)])
    for attempt in 1...2 {
      let held = try bench.ask("w").trials[0]
      #expect(held.trial.number == 1 && held.trial.attempt == attempt)
      let trial = try bench.tell(.failure(message: "full", class: .io, lease: held.lease.id), of: 1)
      #expect(trial?.state == (attempt == 1 ? .queued : .failed))
    }
    let held = try bench.ask("w").trials[0]
    #expect(throws: StudyError.self) { try bench.tell(.failure(message: "x", class: .error, lease: UUID()), of: 2) }
    #expect(try bench.tell(.failure(message: "x", class: .error, lease: held.lease.id), of: 2)?.state == .failed)
    bench.check()
  }

  @Test func measurementsRise() throws {
    var bench = try bench()
    let lease = try bench.ask("w").trials[0].lease.id
    func measure(_ step: Int, _ value: Double) throws -> LeaseAnswer? {
      defer { bench.store() }
      return try bench.ledger.measure(
        CurvePoint(step: step, metrics: ["score": value]), of: 1, lease: lease, moment: bench.moment)
    }
    #expect(try measure(5, 1)?.reason == nil)
    #expect(bench.stored.contains("report 1 5"))
    #expect(try measure(5, 1)?.reason == nil, "the same again")
    #expect(!bench.stored.contains("report 1 5"))
    #expect(throws: StudyError.self) { try measure(5, 2) }
    #expect(throws: StudyError.self) { try measure(4, 1) }
    #expect(try bench.release(1, lease)?.state == .queued)
    #expect(bench.stored.contains("forget 1"), "a new attempt begins a new curve")
    #expect(throws: StudyError.self) { try measure(6, 1) }
    bench.check()
  }

  @Test func aStoppedStudyStillTakesResults() throws {
    var bench = try bench()
    let lease = try bench.ask("w", count: 2).trials[0].lease.id
    _ = try bench.ledger.stop(revision: nil, at: bench.moment)
    bench.store()
    #expect(bench.trials[1]?.state == .stopped)
    #expect(try bench.ledger.heartbeat(1, lease: lease, moment: bench.moment) == nil)
    #expect(try bench.tell(.metrics(["score": 4]), of: 1)?.state == .completed)
    #expect(bench.study?.counts.completed == 1 && bench.study?.counts.stopped == 1 && bench.study?.state == .stopped)
    let ended = try bench.ask("w")
    #expect(ended.trials.isEmpty && ended.waitingFor == nil && ended.study.state == .stopped)
    bench.check()
  }

  @Test func aPausedStudyGivesNothingAndTakesResults() throws {
    var bench = try bench()
    _ = try bench.ask("w")
    _ = try bench.ledger.pause(revision: nil, at: bench.moment)
    #expect(try bench.ask("v").waitingFor == .paused)
    #expect(try bench.tell(.metrics(["score": 4]), of: 1)?.state == .completed)
    bench.check()
  }

  @Test func theTargetEndsTheStudy() throws {
    var bench = try bench([("objective", ["metric": "score", "goal": "maximize", "target": 5])])
    _ = try bench.ask("w", count: 2)
    _ = try bench.tell(.metrics(["score": 4]), of: 2)
    #expect(bench.study?.state == .running)
    _ = try bench.tell(.metrics(["score": 5]), of: 1)
    #expect(bench.study?.state == .completed && bench.study?.stopReason?.code == .target)
    bench.check()
  }

  @Test func trialsWithoutABetterBestEndTheStudy() throws {
    var bench = try bench([("budget", ["trials": 4, "stall_trials": 2])])
    _ = try bench.ask("w", count: 4)
    _ = try bench.tell(.metrics(["score": 4]), of: 4)
    _ = try bench.tell(.metrics(["score": 5]), of: 1)
    _ = try bench.tell(.metrics(["score": 5]), of: 3)
    #expect(bench.study?.state == .running, "trial 2 may still be better")
    let replayed = try bench.replayed(held: bench.ledger.running)
    #expect(replayed.stall?.count == bench.ledger.stall?.count)
    _ = try bench.tell(.metrics(["score": 1]), of: 2)
    #expect(bench.study?.state == .completed && bench.study?.stopReason?.code == .stalled)
    bench.check()
  }

  @Test func aStartBeginsLeasesAnew() throws {
    var bench = try bench()
    let held = try bench.ask("w", seconds: 10).trials[0]
    bench.pass(100)
    bench.ledger = StudyLedger(try #require(bench.study), rules: bench.rules, knowsTrials: false, at: bench.moment)
    let kept = bench.ledger.recover(Array(bench.trials.values), leases: bench.leases, at: bench.moment)
    bench.store()
    bench.ledger = try bench.replayed(held: kept)
    bench.wake()
    #expect(bench.trials[1]?.state == .running && bench.leases[1]?.expiresAt == bench.moment.date + 10)
    bench.pass(9)
    #expect(try bench.ledger.heartbeat(1, lease: held.lease.id, moment: bench.moment)?.reason == nil)
    bench.store()
    bench.check()
  }

  /// Through the service: what waits is woken, the same result is the same answer, and a deleted study tells its holders.
  @Test func callersOfTheService() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(Self.definition([("parallelism", 1), ("algorithm", ["name": "random"])]))
    let service = bench.supervisor
    var wait = TrialRequest(worker: "w", count: 4)
    let all = try await service.handOut("s", wait).value.trials
    #expect(all.count == 4)
    wait.worker = "v"
    wait.waitSeconds = 50
    let held = wait
    async let waiting = service.handOut("s", held)
    try await bench.waitUntil { try await bench.study("s").counts.running == 4 }
    _ = try await service.release("s", number: 2, lease: all[1].lease.id)
    let woken = try await waiting
    #expect(woken.value.trials.map(\.trial.number) == [2])

    let told = TrialTelling(.metrics(["score": 1]), of: 1, at: .root)
    for _ in 1...2 {
      let answer = try await service.tell("s", [told], next: nil).value
      #expect(try answer.results[0].get().value == 1)
    }
    let other = TrialTelling(.metrics(["score": 2]), of: 1, at: .root)
    let refused = try await service.tell("s", [other], next: nil).value.results[0]
    #expect(throws: StudyError.self) { try refused.get() }

    try await service.delete("s", revision: nil)
    #expect(try await service.heartbeat("s", number: 3, lease: all[2].lease.id).reason == .deleted)
    await #expect(throws: StudyError.self) { try await service.heartbeat("s", number: 3, lease: UUID()) }
  }

  /// What is freed goes to the first who still waits; and the end of the study ends every wait.
  @Test func whoWaitsIsServedInTurn() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(Self.definition([("algorithm", ["name": "random"])]))
    let service = bench.supervisor
    let all = try await service.handOut("s", TrialRequest(worker: "w", count: 4)).value.trials
    let line = try await service.runner("s").callers
    func waiting(_ worker: String) -> Task<HandedTrials, any Error> {
      Task { try await service.handOut("s", TrialRequest(worker: worker, waitSeconds: 60)).value }
    }
    let gone = waiting("gone")
    try await bench.waitUntil { !line.isEmpty }
    gone.cancel()
    #expect(try await gone.value.trials.isEmpty)
    #expect(line.isEmpty)
    let next = waiting("next")
    try await bench.waitUntil { !line.isEmpty }
    // In the transaction of the release itself.
    _ = try await service.release("s", number: 3, lease: all[2].lease.id)
    #expect(line.isEmpty)
    #expect(try await next.value.trials.map(\.trial.number) == [3])
    let last = waiting("last")
    try await bench.waitUntil { !line.isEmpty }
    _ = try await service.stop("s", revision: nil)
    let told = try await last.value
    #expect(told.trials.isEmpty && told.study.state == .stopped)
  }
}

extension LedgerBench {
  /// Asks for trials, and stores what has changed.
  mutating func ask(
    _ worker: String, count: Int = 1, seconds: Double = 60, holding: Set<Int> = []
  ) throws -> HandedTrials {
    defer { store() }
    return try ledger.handOut(
      TrialRequest(worker: worker, count: count, leaseSeconds: seconds, holding: holding), at: moment)
  }

  mutating func tell(_ outcome: ToldOutcome, of number: Int) throws -> Trial? {
    defer { store() }
    return try ledger.tell(outcome, of: number, at: .root, moment: moment)
  }

  mutating func release(_ number: Int, _ lease: UUID) throws -> Trial? {
    defer { store() }
    return try ledger.release(number, lease: lease, moment: moment)
  }
}
