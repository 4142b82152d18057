import JSONText
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Studies whose trials are looked up: by workers, or at once.
@Suite struct TableStudyTests {
  private static let algorithms: [JSONValue] = [
    ["name": "grid"], ["name": "random"], ["name": "approximate_gradient"],
    ["name": "approximate_gradient", "preset": "paper"], ["name": "tpe"],
  ]

  private static func definition(_ algorithm: JSONValue) -> JSONValue {
    StudyBench.tableDefinition("s", algorithm: algorithm, sizes: [6, 5, 4], budget: ["trials": 70])
  }

  /// What trials have when workers look every one up.
  private func expected(_ algorithm: JSONValue) async throws -> [String] {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(Self.definition(algorithm))
    try await bench.work(1, on: "s", doing: { StudyBench.lookedUp($0) })
    return try await bench.table("s")
  }

  @Test(arguments: algorithms) func outcomesAtOnceChangeNoTrial(_ algorithm: JSONValue) async throws {
    let expected = try await expected(algorithm)
    #expect(expected.count > 3)
    for workers in [1, 4] {
      let bench = StudyBench(outcomeAtOnce: { StudyBench.lookedUp($0) })
      _ = try await bench.supervisor.create(Self.definition(algorithm))
      try await bench.work(workers, on: "s", doing: { StudyBench.lookedUp($0) })
      #expect(try await bench.table("s") == expected, "\(workers) workers")
      #expect(try await bench.study("s").counts.running == 0)
    }
  }

  @Test func aRefusedCommitLosesNothingAndInventsNothing() async throws {
    let algorithm: JSONValue = ["name": "approximate_gradient"]
    let store = FlakyStudyStore(MemoryStudyStore())
    await store.failures.set(every: 3)
    // A clock that rests: a thousand trials may follow one another in one transaction.
    let bench = StudyBench(store: store, outcomeAtOnce: { $0.number % 7 == 0 ? nil : StudyBench.lookedUp($0) })
    while (try? await bench.supervisor.create(Self.definition(algorithm))) == nil {}
    try await bench.work(2, on: "s", doing: { StudyBench.lookedUp($0) })
    #expect(try await bench.table("s") == expected(algorithm))
  }

  @Test func manyTrialsAreOneCommit() async throws {
    let bench = StudyBench(clock: ManualClock(), outcomeAtOnce: { StudyBench.lookedUp($0) })
    _ = try await bench.supervisor.create(Self.definition(["name": "approximate_gradient"]))
    try await bench.work(1, on: "s")
    #expect(try await bench.trials("s").count == 70)
    #expect(try await bench.study("s").revision < 10)
  }

  @Test func aTrialHasWhatTheTableSays() async throws {
    let bench = StudyBench(numerics: 2)
    let study = try await bench.supervisor.create(StudyBench.tableDefinition("s")).study.value
    #expect(study.resolved.source == .table && !study.resolved.isTrained && !study.resolved.isExternal)
    try await bench.work(1, on: "s", doing: { StudyBench.lookedUp($0) })
    for trial in try await bench.trials("s") {
      #expect(trial.computeSeconds == (trial.state == .completed ? 2.5 : nil))
      #expect(trial.error == (trial.state == .completed ? nil : "no row"))
      if trial.state == .completed {
        #expect(trial.metrics == ["loss": trial.value ?? .nan, "compute_seconds": 2.5])
      }
    }
    #expect(try await bench.store.metricNames(study: study.id).sorted() == ["compute_seconds", "loss"])
    // No arithmetic of a training is part of it.
    #expect(try await bench.study("s").reproducible.through == nil)
  }
}
