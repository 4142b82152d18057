import JSONText
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Trials that one worker is handed together, and what idle workers do.
@Suite struct BatchTests {
  private func work(_ bench: StudyBench, _ finished: (work: Work, report: WorkReport)? = nil) async throws -> Work? {
    try await bench.supervisor.queue.next(worker: "w", finished: finished)
  }

  private func report(_ work: Work) -> WorkReport {
    guard case .trials(let trials) = work else { return WorkReport() }
    return WorkReport(trials: Dictionary(uniqueKeysWithValues: trials.map { ($0.number, StudyBench.outcome($0)) }))
  }

  @Test(arguments: SameTrialsTests.algorithms) func theSameTableInBatches(_ algorithm: JSONValue) async throws {
    let definition = SameTrialsTests.definition(algorithm)
    let plain = StudyBench()
    _ = try await plain.supervisor.create(definition)
    try await plain.work(1, on: "s")
    for workers in [1, 3] {
      let bench = StudyBench(progress: "b")
      _ = try await bench.supervisor.create(definition)
      try await bench.work(workers, on: "s") { assignment in
        if assignment.attempt == 1, assignment.number % 3 == 0 { return .failed(message: "lost", class: .lost) }
        return StudyBench.outcome(assignment)
      }
      #expect(try await bench.table("s") == plain.table("s"))
    }
  }

  /// What is reported early counts; the same report again changes nothing.
  @Test func earlyReports() async throws {
    let bench = StudyBench(progress: "a")
    _ = try await bench.supervisor.create(StudyBench.definition("s", sizes: [5]))
    let next = try #require(try await work(bench))
    guard case .trials(let trials) = next else { return }
    var whole = WorkReport()
    for trial in trials { whole.trials[trial.number] = StudyBench.completed(Double(trial.number)) }
    var part = whole
    part.trials = part.trials.filter { $0.key <= 2 }
    try await bench.supervisor.queue.report(early: trials, part)
    #expect(try await bench.trials("s").map(\.state) == [.completed, .completed, .running, .running, .running])
    let task = Task { try await work(bench, (next, whole)) }
    try await bench.waitUntil { try await bench.study("s").state == .completed }
    #expect(try await bench.study("s").counts.completed == 5)
    #expect(try await bench.trials("s").map(\.value) == [1, 2, 3, 4, 5])
    await bench.supervisor.queue.close()
    _ = try await task.value
  }

  /// An idle worker evaluates likely points into the record; no number, no count, and it stops for a trial.
  @Test func idleWorkersRunAhead() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(
      StudyBench.definition("s", algorithm: ["name": "approximate_gradient", "preset": "paper"], sizes: [9, 9]))
    let first = try #require(try await work(bench))
    guard case .trials(let trials) = first else { return }
    #expect(trials.count == 1)
    guard case .ahead(let ahead)? = try await bench.supervisor.queue.next(worker: "idle", finished: nil) else {
      Issue.record("nothing ahead")
      return
    }
    #expect(ahead.point != trials[0].point && !ahead.cancellation.isSet)
    #expect(try await bench.trials("s").count == 1)
    // The start's outcome lets the poll begin: there is better to do now.
    let second = try #require(try await work(bench, (first, report(first))))
    #expect(ahead.cancellation.isSet)
    let key = EvaluationKey([UInt8](repeating: 7, count: 32))
    let evaluation = RecordedEvaluation(
      key: key, outcome: .diverged(iteration: 1), study: ahead.study, origin: "s", computeSeconds: 1)
    let third = try await bench.supervisor.queue.next(
      worker: "idle", finished: (.ahead(ahead), WorkReport(evaluations: [evaluation])))
    #expect(try await bench.store.evaluations([key]) == [key: evaluation])
    guard case .trials(let polled)? = third, case .trials(let others) = second else {
      Issue.record("the poll was not handed out")
      return
    }
    #expect(polled[0].number != others[0].number)
  }

  @Test func nobodyRunsAheadWhereNothingIsReused() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(
      StudyBench.definition(
        "s", algorithm: ["name": "approximate_gradient", "preset": "paper"], sizes: [9, 9], more: [("reuse", false)]))
    let first = try #require(try await work(bench))
    let idle = Task { try await bench.supervisor.queue.next(worker: "idle", finished: nil) }
    try await bench.waitUntil { bench.supervisor.workers().contains { $0.name == "idle" && $0.study == nil } }
    let second = try #require(try await work(bench, (first, report(first))))
    guard case .trials? = try await idle.value, case .trials = second else {
      Issue.record("no trials")
      return
    }
  }
}
