import Foundation
import JSONText
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Studies that begin with what another has found.
@Suite struct PriorStudyTests {
  private func second(_ algorithm: JSONValue = ["name": "tpe"]) -> JSONValue {
    StudyBench.definition(
      "second", algorithm: algorithm, budget: ["trials": 8], more: [("prior", ["study": "first"])])
  }

  /// It is pinned when the study is made: neither more trials nor a deletion of the other changes it.
  @Test func itIsPinned() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("first", budget: ["trials": 60]))
    try await bench.work(2, on: "first")
    let tried = try await bench.trials("first")
    let made = try await bench.supervisor.create(second())
    let prior = made.study.value.resolved.prior
    let completed = tried.filter { $0.state == .completed }
    #expect(prior.map(\.point) == completed.map(\.point) && prior.map(\.value) == completed.compactMap(\.value))
    #expect(!prior.isEmpty && completed.count < tried.count)
    try await bench.supervisor.delete("first", revision: nil)
    let again = try await bench.supervisor.create(second())
    #expect(!again.created && again.study.value.resolved.prior == prior)
    #expect(try await bench.study("second").resolved.prior == prior)
  }

  /// A point that was pruned counts with the value that was judged.
  @Test func prunedPointsAreTaken() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(
      StudyBench.definition(
        "first", budget: ["trials": 40], more: [("pruning", ["rule": "median", "minimum_trials": 1])]))
    try await bench.work(1, on: "first")
    let tried = try await bench.trials("first").filter { $0.state == .completed || $0.state == .pruned }
    #expect(tried.contains { $0.state == .pruned })
    let prior = try await bench.supervisor.create(second()).study.value.resolved.prior
    #expect(prior.map(\.point) == tried.map(\.point))
    #expect(prior.map(\.value) == tried.compactMap { $0.value ?? $0.prunedValue })
  }
}
