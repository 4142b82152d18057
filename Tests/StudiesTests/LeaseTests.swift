import Foundation
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Leases that outlive the process: kept over a restart, renewed, and run out.
@Suite struct LeaseTests {
  private static let caller = Worker(name: "caller", kind: .external, capacity: 3, leaseSeconds: 600)

  /// The service dies and starts again.
  private func die(_ bench: inout LedgerBench) throws {
    bench.ledger = StudyLedger(
      try #require(bench.study), rules: bench.rules, knowsTrials: false, at: bench.moment)
    let ran = bench.trials.values.filter { $0.state == .running }.sorted { $0.number < $1.number }
    let held = bench.ledger.recover(ran, leases: bench.leases, at: bench.moment)
    bench.store()
    bench.ledger = try bench.replayed(held: held)
    bench.wake()
    bench.check()
  }

  @Test func aStartKeepsWhatRunsElsewhere() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    let local = bench.lease(to: "local-1")
    let out = bench.lease(to: Self.caller)
    #expect(local[0].lease.expiresAt == nil && out[0].lease.outlivesProcess)
    bench.pass(20)
    try die(&bench)
    #expect(bench.trials[1]?.state == .queued && bench.trials[1]?.crashes == 1 && bench.trials[1]?.attempt == 2)
    #expect(bench.trials[2]?.state == .running && bench.trials[2]?.crashes == 0 && bench.trials[2]?.attempt == 1)
    bench.pass(5)
    bench.report(out) { _ in StudyBench.completed(1) }
    #expect(bench.trials[2]?.state == .completed && bench.trials[2]?.durationSeconds == 25)
  }

  @Test func aStopOfTheServiceLeavesWhatRunsElsewhere() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    bench.lease(to: "local-1")
    let out = bench.lease(to: Self.caller)
    bench.ledger.shutDown()
    bench.store()
    bench.check()
    #expect(bench.cancelled == 1 && bench.stored == ["1 queued", "study"] && bench.trials[2]?.state == .running)
    #expect(!out[0].cancellation.isSet)
  }

  @Test func whatNobodyRenewsGoesBackInLine() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    let out = bench.lease(to: Self.caller)
    let end = bench.moment.seconds + Self.caller.leaseSeconds
    #expect(bench.ledger.wakeTime(at: bench.moment) == end)
    bench.pass(Self.caller.leaseSeconds - 1)
    bench.wake()
    #expect(bench.stored.isEmpty)
    bench.pass(1)
    bench.wake()
    #expect(bench.stored == ["1 queued", "study"] && bench.cancelled == 1)
    #expect(bench.trials[1]?.crashes == 0 && bench.ledger.wakeTime(at: bench.moment) == nil)
    // The report comes too late, and so does a heartbeat.
    bench.report(out) { _ in StudyBench.completed(1) }
    #expect(bench.stored.isEmpty && bench.ledger.heartbeat(out, at: bench.moment).isEmpty)
    #expect(bench.lease(to: "local-1").map { [$0.number, $0.attempt] } == [[1, 2]])
  }

  @Test func aHeartbeatRenews() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    let local = bench.lease(to: "local-1")
    let out = bench.lease(to: Self.caller)
    bench.pass(400)
    let renewed = bench.ledger.heartbeat(local + out, at: bench.moment)
    bench.store()
    bench.check()
    #expect(bench.stored == ["lease 2"], "no revision, no event: nothing that anybody sees has changed")
    #expect(renewed.map(\.number) == [1, 2] && renewed[0].lease == local[0].lease)
    #expect(renewed[1].lease.id == out[0].lease.id)
    #expect(renewed[1].lease.expiresAt == bench.moment.date + Self.caller.leaseSeconds)
    bench.pass(400)
    bench.wake()
    #expect(bench.trials[2]?.state == .running)
    bench.report(out) { _ in StudyBench.completed(1) }
    #expect(bench.trials[2]?.state == .completed)
  }

  @Test func noMoreThanAWorkerTakes() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [5, 4]), progress: "a")
    #expect(bench.lease(to: Self.caller).map(\.number) == [1, 2, 3])
    #expect(bench.lease(to: "local-1").map(\.number) == [4, 5])
  }

  /// The queue's calls one by one, as a caller uses them who does not wait.
  @Test func leaseReportAndHeartbeatApart() async throws {
    let store = MemoryStudyStore()
    let bench = StudyBench(store: store)
    let id = try await bench.supervisor.create(StudyBench.definition("s", sizes: [3])).study.value.id
    _ = try await bench.supervisor.create(StudyBench.definition("t", sizes: [3]))
    let queue = bench.supervisor.queue
    let first = try await queue.lease(from: id, to: Self.caller)
    #expect(first.map(\.number) == [1] && first[0].study == id)
    #expect(try await store.leases(study: id) == [1: first[0].lease])
    #expect(try await queue.lease(to: Self.caller).first?.study != id, "the other study has had less")
    #expect(try await queue.heartbeat(first).map(\.number) == [1])
    #expect(try await queue.lease(from: UUID(), to: Self.caller).isEmpty)

    // A new process knows of the lease, and takes the report under it.
    await bench.supervisor.shutDown()
    let next = StudyBench(store: store)
    try await next.supervisor.start()
    #expect(try await next.trials("s").map(\.state) == [.running])
    _ = try await next.supervisor.edit("s", patch: ["max_running": 9], revision: nil)
    let report = WorkReport(trials: [1: StudyBench.completed(1)])
    try await next.supervisor.queue.report(report, of: .trials(first), by: Self.caller)
    #expect(try await next.trials("s").map(\.state) == [.completed])
    #expect(try await store.leases(study: id).isEmpty)
    #expect(try await next.supervisor.queue.lease(from: id, to: Self.caller).map(\.number) == [2])
  }
}
