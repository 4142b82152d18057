import JSONText
import SearchSpace
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// Importances as they are answered.
@Suite struct ImportanceRouteTests {
  private func caller(_ sizes: [Int], algorithm: JSONValue = ["name": "grid"], budget: JSONValue? = nil) async throws
    -> Caller
  {
    let caller = Caller()
    let body = StudyBench.definition("one", algorithm: algorithm, sizes: sizes, budget: budget).text
    #expect(try await caller.call("POST", "/v1/studies", body: body).status == 201)
    return caller
  }

  /// Levels are squares: the value is that of `a` alone.
  private func ofA(_ assignment: TrialAssignment) -> TrialReport {
    StudyBench.completed((assignment.point["a"]?.number ?? 0) / 100)
  }

  @Test func aWholeGrid() async throws {
    let caller = try await caller([5, 4, 3])
    let early = try await caller.json("GET", "/v1/studies/one/importance")
    #expect(early["method"] == .null && early["importances"] == [] && early["points"] == 0 && early["pairs"] == .null)
    try await caller.bench.work(1, on: "one", doing: { [self] in ofA($0) })
    let answer = try await caller.call("GET", "/v1/studies/one/importance")
    let found = try JSONValue(parsing: answer.body)
    #expect(found["method"] == "exact" && found["points"] == 60 && found["completed"] == 60 && found["fit"] == .null)
    #expect(found["importances"]?.arrayValue?.compactMap { $0["parameter"]?.stringValue } == ["a", "b", "c"])
    #expect(abs((found["importances"]?.arrayValue?.first?["importance"]?.numberValue ?? 0) - 1) < 1e-12)
    let tag = try #require(answer.headers["ETag"])
    let again = try await caller.call("GET", "/v1/studies/one/importance", headers: [("If-None-Match", tag)])
    #expect(again.status == 304 && answer.headers["Cairn-Event-Id"] != nil)
    #expect(try await caller.call("GET", "/v1/studies/two/importance").status == 404)
    // Another revision with the same trials is not computed again, and says the same.
    _ = try await caller.call("PATCH", "/v1/studies/one", body: #"{"notes": "seen"}"#)
    let noted = try await caller.call("GET", "/v1/studies/one/importance")
    #expect(noted.body == answer.body && noted.headers["ETag"] != tag)
    #expect(caller.api.importances.line.load == (0, 0))
  }

  @Test func partOfAGridAndFailures() async throws {
    let caller = try await caller([5, 4, 3])
    try await caller.bench.work(1, on: "one") { [self] in
      $0.number % 3 == 0 ? .infeasible(reason: "no", computeSeconds: 0) : ofA($0)
    }
    let found = try await caller.json("GET", "/v1/studies/one/importance")
    #expect(found["method"] == "forest" && found["points"] == 40 && found["trials"] == 40 && found["completed"] == 40)
    #expect(found["importances"]?.arrayValue?.first?["parameter"] == "a")
    #expect(found["detail"]?.stringValue?.hasPrefix("A random forest was fitted to 40 points.") ?? false)
  }

  /// Pure: which trials of a long study are looked at.
  @Test(arguments: [2_001, 16_003, 1_000_000]) func runsLieEvenly(_ all: Int) {
    var counts = TrialCounts()
    counts.completed = all
    let space = ParameterSpace([
      Parameter(name: "x", domain: .realRange(minimum: 0, maximum: 1, scale: .linear))
    ])
    let choice = ImportanceChoice(space, counts, key: 7)
    #expect(!choice.isWhole && !choice.takesAll && choice.runs.count == 250)
    for (place, run) in choice.runs.enumerated() {
      #expect(run.lowerBound >= 1 + place * all / 250 && run.upperBound == (place + 1) * all / 250)
      #expect(run.count >= min(choice.pageSize, all / 250))
    }
    counts.completed = 2_000
    #expect(ImportanceChoice(space, counts, key: 7).takesAll)
  }

  @Test func aLongStudyIsThinned() async throws {
    let caller = try await caller([20, 20, 20], algorithm: ["name": "random"], budget: ["trials": 2_600])
    try await caller.bench.work(1, on: "one", doing: { [self] in ofA($0) })
    let found = try await caller.json("GET", "/v1/studies/one/importance")
    #expect(found["method"] == "forest" && found["completed"] == 2_600)
    #expect(found["trials"]?.integerValue == 2_000 && found["points"] == found["trials"])
    #expect(found["importances"]?.arrayValue?.first?["parameter"] == "a")
    #expect(found["detail"]?.stringValue?.contains("from 2000 of 2600 completed trials") ?? false)
  }
}
