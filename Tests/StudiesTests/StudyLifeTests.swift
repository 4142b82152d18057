import Foundation
import JSONText
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Pause, resume, stop, edits, ends.
@Suite struct StudyLifeTests {
  @Test func theMeanOfEqualNumbersIsThatNumber() {
    #expect([0.88, 0.88, 0.88, 0.88, 0.88].mean == 0.88)
    #expect([1.0, 2.0, 6.0].mean == 3 && [Double]().mean.isNaN && [Double.infinity].mean.isNaN)
  }

  @Test func aStudyRunsToItsEnd() async throws {
    let bench = StudyBench()
    let (made, created) = try await bench.supervisor.create(StudyBench.definition("s"))
    #expect(created && made.value.state == .running)
    try await bench.work(2, on: "s")
    let study = try await bench.study("s")
    #expect(study.state == .completed && study.stopReason?.code == "space_exhausted")
    #expect(study.counts.numbered == 60 && study.counts.running == 0 && study.finishedAt != nil)
    let again = try await bench.supervisor.create(StudyBench.definition("s"))
    #expect(!again.created && again.study.value.id == made.value.id)
    await #expect(throws: StudyError.self) {
      try await bench.supervisor.create(StudyBench.definition("s", sizes: [2]))
    }
  }

  @Test func theBudgetIsNeverOvershot() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(
      StudyBench.definition("s", algorithm: ["name": "random"], budget: ["trials": 17]))
    try await bench.work(16, on: "s")
    let study = try await bench.study("s")
    #expect(study.counts.numbered == 17 && study.stopReason?.code == "budget_trials")
    #expect(Set(try await bench.trials("s").map(\.number)) == Set(1...17))
  }

  @Test func pauseLetsRunningTrialsFinish() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s"))
    let gate = Gate()
    let workers = bench.startWorkers(2) { assignment in
      await gate.pass()
      return StudyBench.outcome(assignment)
    }
    try await bench.waitUntil { try await bench.study("s").counts.running == 2 }
    #expect(try await bench.supervisor.pause("s", revision: nil).value.state == .paused)
    await gate.open()
    try await bench.waitUntil { try await bench.study("s").counts.running == 0 }
    try await Task.sleep(for: .milliseconds(30))
    #expect(try await bench.study("s").counts.numbered == 2)
    #expect(bench.supervisor.live(try await bench.study("s").id)?.waitingFor == "paused")
    #expect(try await bench.supervisor.pause("s", revision: nil).value.state == .paused)
    #expect(try await bench.supervisor.resume("s", revision: nil).value.state == .running)
    try await bench.waitUntil { try await bench.study("s").state == .completed }
    await #expect(throws: StudyError.self) { try await bench.supervisor.pause("s", revision: nil) }
    await bench.supervisor.queue.close()
    for worker in workers { await worker.value }
  }

  @Test func stopCutsTrialsShort() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s"))
    let workers = bench.startWorkers(2) { assignment in
      while !assignment.cancellation.isSet { try? await Task.sleep(for: .milliseconds(1)) }
      return .returned
    }
    try await bench.waitUntil { try await bench.study("s").counts.running == 2 }
    let stopped = try await bench.supervisor.stop("s", revision: nil).value
    #expect(stopped.state == .stopped && stopped.counts.stopped == 2 && stopped.counts.running == 0)
    #expect(try await bench.trials("s").allSatisfy { $0.state == .stopped && $0.value == nil })
    #expect(try await bench.supervisor.stop("s", revision: nil).value.revision == stopped.revision)
    await bench.supervisor.queue.close()
    for worker in workers { await worker.value }
  }

  @Test func aLargerBudgetReopens() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(
      StudyBench.definition("s", algorithm: ["name": "approximate_gradient"], budget: ["trials": 9]))
    let workers = bench.startWorkers(3) { StudyBench.outcome($0) }
    try await bench.waitUntil { try await bench.study("s").state == .completed }
    await #expect(throws: StudyError.self) {
      try await bench.supervisor.edit("s", patch: ["budget": ["trials": 8]], revision: nil)
    }
    let edited = try await bench.supervisor.edit("s", patch: ["budget": ["trials": 25]], revision: nil).value
    #expect(edited.state == .running && edited.edits.map(\.fromTrial) == [10])
    try await bench.waitUntil { try await bench.study("s").state == .completed }
    await bench.supervisor.queue.close()
    for worker in workers { await worker.value }

    let whole = StudyBench()
    _ = try await whole.supervisor.create(
      StudyBench.definition("s", algorithm: ["name": "approximate_gradient"], budget: ["trials": 25]))
    try await whole.work(1, on: "s")
    #expect(try await bench.table("s") == whole.table("s"))
  }

  @Test func aPatchThatChangesNothingIsNoEdit() async throws {
    let bench = StudyBench()
    let made = try await bench.supervisor.create(
      StudyBench.definition("s", algorithm: ["name": "random"], budget: ["trials": 9])
    ).study.value
    let same = try await bench.supervisor.edit("s", patch: ["budget": ["trials": 9]], revision: nil).value
    #expect(same.edits.isEmpty && same.revision == made.revision)
    let labelled = try await bench.supervisor.edit("s", patch: ["labels": ["k": "v"]], revision: same.revision).value
    #expect(labelled.labels == ["k": "v"] && labelled.edits.isEmpty && labelled.revision == same.revision + 1)
    await #expect(throws: StudyError.self) {
      try await bench.supervisor.edit("s", patch: ["notes": "n"], revision: same.revision)
    }
  }

  @Test func secondsEndAStudyAndMoreReopenIt() async throws {
    let clock = ManualClock()
    let bench = StudyBench(clock: clock)
    _ = try await bench.supervisor.create(
      StudyBench.definition("s", algorithm: ["name": "random"], budget: ["seconds": 60], more: [("max_running", 2)]))
    let end = clock.seconds() + 60
    let workers = bench.startWorkers(2) { assignment in
      while assignment.number > 4, clock.seconds() <= end, !assignment.cancellation.isSet {
        try? await Task.sleep(for: .milliseconds(1))
      }
      return assignment.cancellation.isSet ? .returned : StudyBench.outcome(assignment)
    }
    try await bench.waitUntil {
      let counts = try await bench.study("s").counts
      return counts.running == 2 && counts.numbered > 4
    }
    // A clock that is set uses up no seconds.
    for step in [3600.0, -7200] {
      clock.step(by: step)
      _ = try await bench.supervisor.edit("s", patch: ["labels": ["step": .string("\(step)")]], revision: nil)
    }
    clock.advance(by: 59.5)
    let edited = try await bench.supervisor.edit("s", patch: ["labels": ["step": "none"]], revision: nil).value
    #expect(edited.state == .running)
    #expect(try await bench.study("s").elapsedSeconds == 59.5)
    clock.advance(by: 0.5)
    try await bench.waitUntil { try await bench.study("s").state == .completed }
    #expect(try await bench.study("s").elapsedSeconds == 60)
    #expect(try await bench.trials("s").filter { $0.state == .stopped }.map(\.durationSeconds) == [60, 60])
    clock.advance(by: 1)
    let ended = try await bench.study("s")
    #expect(ended.stopReason?.code == "budget_seconds" && ended.counts.running == 0 && ended.counts.queued == 0)
    let cut = ended.counts.stopped
    _ = try await bench.supervisor.edit("s", patch: ["budget": ["seconds": 1000]], revision: nil)
    try await bench.waitUntil { try await bench.study("s").state == .completed }
    let whole = try await bench.study("s")
    #expect(whole.counts.stopped == 0 && whole.stopReason?.code == "space_exhausted")
    #expect(try await bench.trials("s").filter { $0.attempt > 1 }.count == cut)
    await bench.supervisor.queue.close()
    for worker in workers { await worker.value }
  }

  @Test func deletingFreesTheName() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s"))
    let workers = bench.startWorkers(2) { assignment in
      while !assignment.cancellation.isSet { try? await Task.sleep(for: .milliseconds(1)) }
      return .returned
    }
    try await bench.waitUntil { try await bench.study("s").counts.running == 2 }
    try await bench.supervisor.delete("s", revision: nil)
    #expect(try await bench.store.study(named: "s") == nil)
    let (again, created) = try await bench.supervisor.create(StudyBench.definition("s", sizes: [2]))
    #expect(created && again.value.counts.numbered == 0)
    _ = try await bench.supervisor.stop("s", revision: nil)
    await bench.supervisor.queue.close()
    for worker in workers { await worker.value }
  }

  @Test func twentyFailuresInARowEndAStudy() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s"))
    try await bench.work(3, on: "s") { $0.number > 5 ? .failed(message: "no", class: .error) : StudyBench.completed(1) }
    let study = try await bench.study("s")
    #expect(study.state == .failed && study.stopReason?.code == "failure_limit")
    #expect(study.counts.failed >= 20 && study.counts.failed < 26)
  }

  @Test func lostTrialsAreTriedThreeTimes() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s", sizes: [3]))
    try await bench.work(2, on: "s") {
      $0.number == 2 ? .failed(message: "gone", class: .lost) : StudyBench.completed(1)
    }
    let trials = try await bench.trials("s")
    #expect(trials[1].state == .failed && trials[1].attempt == 3 && trials[1].error == "gone")
    let study = try await bench.study("s")
    #expect(study.reproducible.through == 1 && study.state == .completed)
  }

  @Test func maxRunningBoundsWhatRuns() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s", more: [("max_running", 2)]))
    let peak = Peak()
    try await bench.work(6, on: "s") { assignment in
      await peak.enter()
      try? await Task.sleep(for: .milliseconds(1))
      await peak.leave()
      return StudyBench.outcome(assignment)
    }
    #expect(await peak.highest == 2)
  }

  actor Peak {
    private var now = 0
    private(set) var highest = 0
    func enter() {
      now += 1
      highest = max(highest, now)
    }
    func leave() { now -= 1 }
  }

  actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    func pass() async { if !isOpen { await withCheckedContinuation { waiting.append($0) } } }
    func open() {
      isOpen = true
      for continuation in waiting { continuation.resume() }
      waiting = []
    }
  }
}
