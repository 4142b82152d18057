import JSONText
import Logging
import SearchAlgorithms
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Runners that begin on what is stored, without reading all of it.
@Suite struct LoadingTests {
  private static func fails(_ assignment: TrialAssignment) -> TrialReport { .failed(message: "no", class: .error) }

  @Test func failuresInARowAreCountedAcrossARestart() async throws {
    let store = MemoryStudyStore()
    let first = StudyBench(store: store)
    _ = try await first.supervisor.create(StudyBench.definition("s"))
    // Seven fail, and what follows comes back without an outcome: workers may be far faster than this test.
    let workers = first.startWorkers(2) { assignment in
      if assignment.number < 4 { return StudyBench.completed(1) }
      if assignment.number <= 10 { return Self.fails(assignment) }
      try? await Task.sleep(for: .milliseconds(1))
      return .returned
    }
    try await first.waitUntil { try await first.study("s").counts.failed == 7 }
    await first.supervisor.shutDown()
    for worker in workers { await worker.value }
    let before = try await first.study("s")
    #expect(before.state == .running && before.counts.failed == 7)

    let second = StudyBench(store: store)
    try await second.supervisor.start()
    try await second.work(1, on: "s") { Self.fails($0) }
    let study = try await second.study("s")
    #expect(study.state == .failed && study.stopReason?.code == .failureLimit && study.counts.failed == 20)
  }

  @Test func aGapInFrontHoldsTheCountBack() {
    // Trial 2 has no outcome yet: what failed behind it counts once it has one.
    var failures = FailureRun(prefix: 1, inARow: 1, highest: 6, open: [2], failed: [3, 4, 6])
    #expect(failures.inARow == 1 && failures.longest == 1)
    failures.begin(7)
    failures.add(7, failed: true)
    failures.add(2, failed: true)
    #expect(failures.inARow == 2 && failures.longest == 4)
    failures.begin(8)
    failures.add(8, failed: true)
    #expect(failures.inARow == 3)
    var other = FailureRun()
    for number in 1...3 { other.begin(number) }
    other.add(3, failed: true)
    other.add(1, failed: true)
    #expect(other.inARow == 1)
    other.add(2, failed: false)
    #expect(other.inARow == 1 && other.longest == 1)
  }

  @Test func aPatchOfAnEndedStudyAsksForNoTrials() async throws {
    let store = MemoryStudyStore()
    let bench = StudyBench(store: store)
    _ = try await bench.supervisor.create(
      StudyBench.definition("s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 9]))
    try await bench.work(2, on: "s")
    let next = StudyBench(store: store)
    try await next.supervisor.start()
    let ended = try await next.study("s")
    let edited = try await next.supervisor.edit(
      "s", patch: ["notes": "n", "labels": ["k": "v"]], revision: ended.revision
    ).value
    #expect(edited.notes == "n" && edited.revision == ended.revision + 1 && edited.counts == ended.counts)
    let stored = try await next.study("s")
    #expect(stored.notes == "n" && stored.labels == ["k": "v"] && stored.revision == edited.revision)
    await #expect(throws: StudyError.self) { try await next.supervisor.pause("s", revision: nil) }
    await #expect(throws: StudyError.self) {
      try await next.supervisor.edit("s", patch: ["notes": nil], revision: ended.revision)
    }
    await #expect(throws: StudyError.self) {
      try await next.supervisor.edit("s", patch: ["budget": ["trials": 8]], revision: nil)
    }
    try await next.supervisor.delete("s", revision: nil)
    #expect(try await store.study(named: "s") == nil)
  }

  private struct Costs: TrialCosts {
    func progressSetting(_ definition: ResolvedDefinition) -> String? { nil }
    func operations(_ definition: ResolvedDefinition, at point: Point) -> Double { 1 }
  }

  /// Suggests 0, 1, 2, … and passes over what was registered; trials that were skipped it does not know.
  private struct Forgetful: CountedSearch {
    static let kind = "random"
    var met: Set<Point> = []

    func point(_ number: Int) -> Point? {
      (0..<12).map { Point(["a": .integer($0 * $0)]) }.first { !met.contains($0) }
    }
    mutating func register(_ number: Int, _ suggestion: Suggestion) { met.insert(suggestion.point) }
  }

  @Test func aPointThatASkippedTrialHasIsPassedOver() async throws {
    let store = MemoryStudyStore()
    let first = StudyBench(store: store)
    let definition = StudyBench.definition("s", algorithm: ["name": "random"], sizes: [12], budget: ["trials": 6])
    func supervisor() -> StudySupervisor {
      StudySupervisor(
        store: store, validator: DefinitionValidator(context: StudyBench.context),
        models: Costs(),
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), algorithm: { _ in Forgetful() })
    }
    func work(_ supervisor: StudySupervisor) async throws {
      let worker = Task {
        var finished: (work: Work, report: WorkReport)?
        while let work = try await supervisor.queue.next(worker: "w", finished: finished) {
          var report = WorkReport()
          if case .trials(let trials) = work {
            for trial in trials { report.trials[trial.number] = StudyBench.completed(1) }
          }
          finished = (work, report)
        }
      }
      try await first.waitUntil { try await first.study("s").state == .completed }
      await supervisor.queue.close()
      try await worker.value
    }
    let before = supervisor()
    _ = try await before.create(definition)
    try await work(before)
    let after = supervisor()
    try await after.start()
    _ = try await after.edit("s", patch: ["budget": ["trials": 10]], revision: nil)
    try await work(after)
    let points = try await first.trials("s").map { $0.point["a"] }
    #expect(points == (0..<10).map { .integer($0 * $0) })
  }
}
