import Foundation
import JSONText
import SearchSpace
import TestSupport
import Testing

@testable import Studies

/// The promise: same definition, same trials.
@Suite struct SameTrialsTests {
  static let algorithms: [JSONValue] =
    AlgorithmFacts.catalogue.map { ["name": .string($0.name)] } + [
      ["name": "approximate_gradient", "restarts": 3],
      ["name": "approximate_gradient", "preset": "paper", "restarts": 3],
    ]

  /// Rules that prune some of the bench's trials, and learn from others.
  static let rules: [JSONValue] = [
    ["rule": "median", "minimum_trials": 2], ["rule": "successive_halving", "minimum_step": 2, "eta": 2],
  ]

  static func definition(_ algorithm: JSONValue, pruning: JSONValue? = nil) -> JSONValue {
    StudyBench.definition(
      "s", algorithm: algorithm, budget: ["trials": 40], more: pruning.map { [("pruning", $0)] } ?? [])
  }

  @Test(arguments: algorithms, [nil] + rules) func anyNumberOfWorkers(
    _ algorithm: JSONValue, pruning: JSONValue?
  ) async throws {
    let definition = Self.definition(algorithm, pruning: pruning)
    let alone = StudyBench()
    _ = try await alone.supervisor.create(definition)
    try await alone.work(1, on: "s")
    let expected = try await alone.table("s")
    #expect(expected.count > 5)
    for workers in [3, 16] {
      let bench = StudyBench()
      _ = try await bench.supervisor.create(definition)
      try await bench.work(workers, on: "s") { assignment in
        // Slow and out of order, and every third trial fails at first for reasons not its own.
        try? await Task.sleep(for: .milliseconds(Int.random(in: 0...8)))
        if assignment.attempt == 1, assignment.number % 3 == 0 { return .failed(message: "lost", class: .lost) }
        return StudyBench.outcome(assignment)
      }
      let table = try await bench.table("s")
      #expect(table == expected, "\(workers) workers")
    }
  }

  @Test(arguments: algorithms, [nil] + rules) func aRestartHalfway(
    _ algorithm: JSONValue, pruning: JSONValue?
  ) async throws {
    let definition = Self.definition(algorithm, pruning: pruning)
    let straight = StudyBench()
    _ = try await straight.supervisor.create(definition)
    try await straight.work(2, on: "s")
    let expected = try await straight.table("s")

    for cut in [1, 4, 11, 23] where cut < expected.count {
      let store = MemoryStudyStore()
      let mortal = FlakyStudyStore(store)
      let first = StudyBench(store: mortal)
      _ = try await first.supervisor.create(definition)
      // The first service dies with trials running: its workers never come back, and it stores nothing more.
      _ = first.startWorkers(3) { assignment in
        if assignment.number > cut { try? await Task.sleep(for: .seconds(3600)) }
        return StudyBench.outcome(assignment)
      }
      try await first.waitUntil { try await first.trials("s").contains { $0.number > cut } }
      await mortal.die()
      let second = StudyBench(store: store)
      try await second.supervisor.start()
      try await second.work(3, on: "s")
      let table = try await second.table("s")
      #expect(table == expected, "cut after \(cut)")
    }
  }

  @Test func everySuggestionFollowsFromItsHorizonAlone() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(Self.definition(["name": "approximate_gradient"]))
    try await bench.work(4, on: "s")
    var before = 0
    for trial in try await bench.trials("s") {
      #expect(trial.horizon < trial.number)
      #expect(trial.horizon >= before)
      before = trial.horizon
    }
  }
}
