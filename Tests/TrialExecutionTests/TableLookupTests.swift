import Foundation
import Promises
import SearchSpace
import StudyDefinitions
import Testing

@testable import Datasets
@testable import Studies
@testable import TrialExecution

/// What trials get from a table of results.
@Suite struct TableLookupTests {
  /// How often a table was read.
  private let reads = Locked(0)

  private static let dataset = DatasetContent(
    results: ResultsTable(
      columns: [
        .init(name: "units", values: .numbers([5, 5, 10, 10])),
        .init(name: "kind", values: .texts(["relu", "relu", "true", "7"])),
        .init(name: "loss", values: .numbers([0.4, 0.5, 0.3, 0.2])),
        .init(name: "accuracy", values: .texts(["0.9", "", "0.8", "low"])),
        .init(name: "compute_seconds", values: .numbers([1, 2, 3, 4])),
      ], rows: 4)
  ).dataset(name: "tried", origin: "test")

  private func lookup() -> TableLookup {
    TableLookup { [reads] name, sha256 in
      reads.withLock { $0 += 1 }
      #expect(name == "tried" && sha256 == Self.dataset.sha256)
      return Self.dataset
    }
  }

  private func definition(_ names: [String] = ["kind", "units"], metric: String = "loss") -> ResolvedDefinition {
    var definition = ResolvedDefinition(
      name: "s", training: nil, modelKind: "table",
      space: ParameterSpace(names.map { Parameter(name: $0, domain: .categories([.integer(1)])) }), algorithm: "grid",
      algorithmVersion: 1, algorithmOptions: [:], metric: metric, goal: .minimize, budget: Budget(), parallelism: 1,
      maxRunning: nil, seed: 0, trainingSeed: 0, labels: [:], notes: nil, numerics: 1)
    definition.table = TableDefinition(dataset: "tried", datasetSHA256: Self.dataset.sha256)
    return definition
  }

  private func trial(
    _ values: [String: ParameterValue], replicate: Int = 0, _ definition: ResolvedDefinition
  ) -> TrialAssignment {
    TrialAssignment(
      lease: Lease(worker: "w"), study: UUID(), studyName: "s", number: 1, replicate: replicate, attempt: 1,
      definition: definition, point: Point(values), cancellation: CancellationFlag())
  }

  private func outcome(_ trial: TrialAssignment, _ lookup: TableLookup) throws -> TrialReport {
    let prepared = lookup.prepare(.trials([trial]))
    #expect(prepared.keys.isEmpty)
    return try #require(prepared.run([:]) { _ in }.trials[1])
  }

  private static func completed(_ value: Double, _ metrics: [String: Double]) -> TrialReport {
    .completed(scores: [value], metrics: metrics, curve: LearningCurve(names: []), computeSeconds: 0)
  }

  @Test func rowsOfAPointAreItsReplicates() throws {
    let (lookup, definition) = (lookup(), definition())
    let point: [String: ParameterValue] = ["units": .integer(5), "kind": .string("relu")]
    let first = try outcome(trial(point, definition), lookup)
    #expect(first == Self.completed(0.4, ["loss": 0.4, "accuracy": 0.9, "compute_seconds": 1]))
    // What is not a number is not measured.
    let second = try outcome(trial(point, replicate: 1, definition), lookup)
    #expect(second == Self.completed(0.5, ["loss": 0.5, "compute_seconds": 2]))
    guard case .infeasible(let reason, _, nil) = try outcome(trial(point, replicate: 2, definition), lookup) else {
      Issue.record("a replicate without a row has an outcome")
      return
    }
    #expect(reason.contains("has 2 rows of this point") && reason.contains("replicate 2"), "\(reason)")
  }

  @Test func valuesOfEveryKindAreFound() throws {
    let (lookup, definition) = (lookup(), definition())
    for (value, loss) in [(.boolean(true), 0.3), (.integer(7), 0.2), (.real(7), 0.2), (.string("7"), 0.2)]
      as [(ParameterValue, Double)]
    {
      let found = try outcome(trial(["units": .real(10), "kind": value], definition), lookup)
      guard case .completed(let scores, _, _, _, _) = found else {
        Issue.record("\(value): \(found)")
        continue
      }
      #expect(scores == [loss])
    }
  }

  @Test func aPointThatIsNotThereIsInfeasible() throws {
    for values in [
      ["units": .integer(5), "kind": .string("tanh")], ["units": .real(5.000001), "kind": .string("relu")],
      ["units": .integer(10), "kind": .boolean(false)],
    ] as [[String: ParameterValue]] {
      #expect(
        try outcome(trial(values, definition()), lookup())
          == .infeasible(reason: "The table tried has no row of this point.", computeSeconds: 0))
    }
    // Validation refuses such an objective, but what is read is what counts.
    let unmeasured = try outcome(
      trial(["units": .integer(5)], replicate: 1, definition(["units"], metric: "accuracy")), lookup())
    #expect(
      unmeasured == .infeasible(reason: "Row 3 of the table tried has no number as accuracy.", computeSeconds: 0))
  }

  @Test func whatWasReadOnceIsKnownAtOnce() throws {
    let lookup = lookup()
    let point: [String: ParameterValue] = ["units": .integer(5), "kind": .string("relu")]
    #expect(lookup.outcomeAtOnce(of: trial(point, definition())) == nil && reads.value == 0)
    let found = try outcome(trial(point, definition()), lookup)
    #expect(lookup.outcomeAtOnce(of: trial(point, definition())) == found)
    _ = try outcome(trial(point, definition()), lookup)
    #expect(reads.value == 1)
    // Other columns are another index.
    #expect(lookup.outcomeAtOnce(of: trial(point, definition(["units"]))) == nil)
    _ = try outcome(trial(point, definition(["units"])), lookup)
    #expect(lookup.outcomeAtOnce(of: trial(point, definition(["units"]))) != nil && reads.value == 2)
    var trained = definition()
    trained.table = nil
    #expect(lookup.outcomeAtOnce(of: trial(point, trained)) == nil)
  }

  @Test func whatCannotBeReadFails() throws {
    struct Gone: Error {}
    let point: [String: ParameterValue] = ["units": .integer(5), "kind": .string("relu")]
    guard
      case .failed(let message, .io) = try outcome(trial(point, definition()), TableLookup { _, _ in throw Gone() })
    else {
      Issue.record("a table that is gone gives an outcome")
      return
    }
    #expect(message.contains("tried could not be read"))
    guard case .failed(_, .error) = try outcome(trial(["unit": .integer(5)], definition(["unit"])), lookup()) else {
      Issue.record("a column that is not there gives an outcome")
      return
    }
  }
}
