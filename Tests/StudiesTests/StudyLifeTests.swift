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
    #expect(study.state == .completed && study.stopReason?.code == .spaceExhausted)
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
    #expect(study.counts.numbered == 17 && study.stopReason?.code == .budgetTrials)
    #expect(Set(try await bench.trials("s").map(\.number)) == Set(1...17))
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
      StudyBench.definition("s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 9]))
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
      StudyBench.definition(
        "s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 25]))
    try await whole.work(1, on: "s")
    #expect(try await bench.table("s") == whole.table("s"))
  }

  @Test func pauseAndResumeThroughTheService() async throws {
    let bench = StudyBench()
    let id = try await bench.supervisor.create(StudyBench.definition("s")).study.value.id
    #expect(bench.supervisor.live(id)?.waitingFor == .workers)
    let paused = try await bench.supervisor.pause("s", revision: nil).value
    #expect(paused.state == .paused && bench.supervisor.live(id)?.waitingFor == .paused)
    let again = try await bench.supervisor.pause("s", revision: paused.revision).value
    #expect(again.revision == paused.revision)
    #expect(try await bench.supervisor.resume("s", revision: nil).value.state == .running)
    try await bench.work(2, on: "s")
    await #expect(throws: StudyError.self) { try await bench.supervisor.pause("s", revision: nil) }
  }

  /// Nobody asks for anything when the seconds are used up: the clock wakes the study.
  @Test func theDeadlineWakesTheStudy() async throws {
    let clock = ManualClock()
    let bench = StudyBench(clock: clock)
    let id = try await bench.supervisor.create(StudyBench.definition("s", budget: ["seconds": 60])).study.value.id
    guard case .trials(let trials)? = try await bench.supervisor.queue.next(worker: "w", finished: nil) else {
      Issue.record("no trials")
      return
    }
    clock.advance(by: 60)
    try await bench.waitUntil { try await bench.study("s").state == .completed }
    let study = try await bench.study("s")
    #expect(study.stopReason?.code == .budgetSeconds && study.elapsedSeconds == 60 && study.counts.stopped == 1)
    #expect(trials[0].cancellation.isSet)
    try await bench.waitUntil { bench.supervisor.live(id) == nil }
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
}
