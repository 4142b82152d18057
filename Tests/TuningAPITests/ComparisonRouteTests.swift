import Foundation
import JSONText
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// Studies side by side.
@Suite struct ComparisonRouteTests {
  /// A caller with two seeds of `random` and of `tpe`, run to their ends.
  private func raced() async throws -> Caller {
    let caller = Caller()
    for seed in 1...2 {
      for algorithm in ["random", "tpe"] {
        let name = "\(algorithm)-\(seed)"
        let definition = StudyBench.definition(
          name, algorithm: ["name": .string(algorithm)], budget: ["trials": 12], seed: seed)
        #expect(try await caller.call("POST", "/v1/studies", body: definition.text).status == 201)
      }
    }
    let tasks = caller.bench.startWorkers(2) { StudyBench.outcome($0) }
    for name in ["random-1", "random-2", "tpe-1", "tpe-2"] {
      try await caller.bench.waitUntil { try await caller.bench.study(name).state.isFinished }
    }
    await caller.bench.supervisor.queue.close()
    for task in tasks { await task.value }
    return caller
  }

  @Test func studiesAreComparedByAlgorithm() async throws {
    let caller = try await raced()
    let path = "/v1/comparisons/adhoc?studies=random-1,tpe-1,tpe-2,random-2"
    let found = try await caller.json("GET", path)
    #expect(found["state"] == "completed" && found["progress"]?["studies"] == 4 && found["progress"]?["ended"] == 4)
    let algorithms = try #require(found["algorithms"]?.arrayValue)
    #expect(algorithms.map { $0["name"] } == ["random", "tpe"])
    #expect(algorithms.map { $0["studies"] } == [["random-1", "random-2"], ["tpe-1", "tpe-2"]])
    for (algorithm, studies) in zip(algorithms, [["random-1", "random-2"], ["tpe-1", "tpe-2"]]) {
      // The last place has the mean of the best values that the studies have.
      var best: [Double] = []
      for study in studies {
        best.append(try await caller.bench.trials(study).compactMap(\.value).max() ?? -1)
      }
      let curve = try #require(algorithm["by_trials"])
      #expect(curve["trials"]?.arrayValue?.last == 12)
      #expect(curve["mean"]?.arrayValue?.last?.numberValue == (best[0] + best[1]) / 2)
      #expect(algorithm["by_iterations"]?["iterations"]?.arrayValue?.isEmpty == false)
      #expect(algorithm["targets"]?.arrayValue?.count == 3)
    }
    #expect(found["tests"]?.arrayValue?.count == 1 && found["tests"]?.arrayValue?.first?["seeds"] == 2)
    // Two seeds tell nothing apart.
    #expect(found["detail"]?.stringValue?.contains("cannot be told apart from") == true)
    #expect(found["by_seconds"]?.arrayValue?.count == 2)
    #expect(try await caller.json("GET", path) == found, "the same from the cache")
  }

  @Test func algorithmsOfOneNameAreToldApartByTheirOptions() async throws {
    let caller = Caller()
    for (name, preset, restarts) in [("one", "paper", 1), ("two", "paper", 2), ("three", "adaptive", 2)] {
      let definition = StudyBench.definition(
        name,
        algorithm: [
          "name": "approximate_gradient", "preset": .string(preset), "restarts": .number(Double(restarts)),
        ])
      #expect(try await caller.call("POST", "/v1/studies", body: definition.text).status == 201)
    }
    func names(_ studies: String) async throws -> [String?]? {
      let found = try await caller.json("GET", "/v1/comparisons/adhoc?studies=\(studies)")
      return found["algorithms"]?.arrayValue?.map { $0["name"]?.stringValue }
    }
    // As few options as tell them apart: a version and a step differ, too.
    #expect(
      try await names("two,three") == ["approximate_gradient preset=paper", "approximate_gradient preset=adaptive"])
    #expect(try await names("one,two") == ["approximate_gradient restarts=1", "approximate_gradient restarts=2"])
    #expect(try await names("one,two,three")?.compactMap { $0 }.count == 3)
    let found = try await caller.json("GET", "/v1/comparisons/adhoc?studies=one,two")
    #expect(found["state"] == "running")
    #expect(found["detail"] == "No seed has ended with every algorithm.")
  }

  @Test func whatCannotBeCompared() async throws {
    let caller = Caller()
    try await caller.makeStudy("a")
    _ = try await caller.call("POST", "/v1/studies", body: StudyBench.definition("same").text)
    _ = try await caller.call("POST", "/v1/studies", body: StudyBench.definition("twin").text)
    _ = try await caller.call(
      "POST", "/v1/studies",
      body: StudyBench.definition("loss", more: [("objective", ["metric": "validation_loss"])]).text)
    let many = (0...200).map { "s\($0)" }.joined(separator: ",")
    for (query, words) in [
      ("", "studies is missing"), ("?studies=", "there is no study of that name"),
      ("?studies=a,gone", "studies has \"gone\", and there is no study of that name."),
      ("?studies=a,a", "studies has \"a\" twice; give it once."), ("?studies=\(many)", "201 names, and may have 200"),
      (
        "?studies=same,loss",
        "Study loss has the objective minimize validation_loss, and study same has maximize validation_accuracy"
      ),
      ("?studies=same,twin", "Studies same and twin have the same algorithm, seed and training_seed"),
    ] {
      let answer = try await caller.call("GET", "/v1/comparisons/adhoc" + query)
      let problem = try JSONValue(parsing: answer.body)
      #expect(answer.status == 400, "\(query.prefix(40))")
      #expect(problem["errors"]?.arrayValue?.first?["pointer"] == "studies")
      #expect(problem["detail"]?.stringValue?.contains(words) == true, "\(problem.text)")
    }
  }
}
