import Foundation
import JSONText
import Synchronization
import TestSupport
import Testing

@testable import Studies

/// Stores that refuse, services that die, studies that compete.
@Suite struct TroubleTests {
  @Test func aStoreThatRefusesLosesNothing() async throws {
    let straight = StudyBench()
    let definition = StudyBench.definition(
      "s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 30])
    _ = try await straight.supervisor.create(definition)
    try await straight.work(1, on: "s")

    let flaky = FlakyStudyStore(MemoryStudyStore())
    let bench = StudyBench(store: flaky)
    _ = try await bench.supervisor.create(definition)
    await flaky.failures.set(every: 5)
    try await bench.work(3, on: "s")
    #expect(try await bench.table("s") == straight.table("s"))
    let study = try await bench.study("s")
    #expect(study.counts.completed + study.counts.infeasible == 30 && study.counts.running == 0)
  }

  @Test func aDeathBeforeAnythingElseCountsToo() async throws {
    let store = MemoryStudyStore()
    let first = StudyBench(store: store)
    _ = try await first.supervisor.create(StudyBench.definition("s"))
    _ = first.startWorkers(2) { _ in
      try? await Task.sleep(for: .seconds(3600))
      return .returned
    }
    try await first.waitUntil { try await first.study("s").counts.running == 2 }
    let mortal = FlakyStudyStore(store)
    let bench = StudyBench(store: mortal)
    try await bench.supervisor.start()
    // A reader sees no trial as running now that nobody holds.
    #expect(try await bench.study("s").counts.running == 0)
    #expect(try await bench.trials("s").map(\.crashes) == [1, 1])
    #expect(try await bench.trials("s").allSatisfy { $0.state == .queued && $0.attempt == 2 })
    await mortal.die()
  }

  /// A training that took too long is not tried again, and the promise ends before it; a new limit is for later trials.
  @Test func whatTakesTooLongFailsAtOnce() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(
      StudyBench.definition("s", budget: ["trials": 6, "trial_seconds": 5], more: [("max_running", 1)]))
    try await bench.work(1, on: "s") { assignment in
      if assignment.number == 4 {
        _ = try? await bench.supervisor.edit("s", patch: ["budget": ["trial_seconds": nil]], revision: nil)
      }
      if assignment.number < 4 { #expect(assignment.secondsLimit == 5) }
      if assignment.number > 4 { #expect(assignment.secondsLimit == nil) }
      return assignment.number == 3
        ? .failed(message: "too long", class: .time) : StudyBench.completed(Double(assignment.number))
    }
    let trial = try await bench.trials("s")[2]
    #expect(trial.state == .failed && trial.attempt == 1 && trial.failureClass == .time)
    let study = try await bench.study("s")
    #expect(study.reproducible.through == 2 && study.reproducible.reason?.contains("too long") == true)
    #expect(study.edits.map(\.changes) == [["budget": ["trial_seconds": nil]]])
  }

  @Test func twoEqualStudiesShareFairly() async throws {
    // Shares are counted in the time that trials take, and here one that a busy machine holds up takes no longer.
    let bench = StudyBench(clock: TickingClock())
    for name in ["s", "t"] { _ = try await bench.supervisor.create(StudyBench.definition(name, sizes: [10, 10])) }
    let workers = bench.startWorkers(2) { assignment in
      try? await Task.sleep(for: .milliseconds(1))
      return StudyBench.completed(Double(assignment.number))
    }
    try await bench.waitUntil { try await bench.study("t").state == .completed }
    try await bench.waitUntil { try await bench.study("s").state == .completed }
    await bench.supervisor.queue.close()
    for worker in workers { await worker.value }
    // Where one has passed half of its trials, the other is within a tenth.
    let (s, t) = (
      try await bench.trials("s").compactMap(\.finishedAt), try await bench.trials("t").compactMap(\.finishedAt)
    )
    let half = min(s.sorted()[49], t.sorted()[49])
    for finished in [s, t] {
      let count = finished.count { $0 <= half }
      #expect(abs(count - 50) <= 5, "\(count) when the other had 50")
    }
  }

  /// A clock that is a microsecond later whenever it is looked at, and a millisecond for what is stored.
  private final class TickingClock: StudyClock {
    private let looks = Atomic<Int>(0)

    func now() -> Date { Date(timeIntervalSince1970: seconds() * 1000) }
    func seconds() -> Double { Double(looks.add(1, ordering: .sequentiallyConsistent).newValue) / 1e6 }
    func sleep(until seconds: Double) async throws { try await Task.sleep(for: .seconds(3600)) }
  }

  @Test func aShutdownPutsTrialsBack() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s"))
    let workers = bench.startWorkers(2) { assignment in
      while !assignment.cancellation.isSet { try? await Task.sleep(for: .milliseconds(1)) }
      return .returned
    }
    try await bench.waitUntil { try await bench.study("s").counts.running == 2 }
    await bench.supervisor.shutDown()
    for worker in workers { await worker.value }
    let study = try await bench.study("s")
    #expect(study.state == .running && study.counts.queued == 2 && study.counts.running == 0)
    #expect(try await bench.trials("s").allSatisfy { $0.crashes == 0 && $0.attempt == 2 })
  }
}
