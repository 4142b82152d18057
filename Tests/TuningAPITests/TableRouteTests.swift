import HTTPMessages
import JSONText
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// Studies whose trials are looked up, as the API shows them.
@Suite struct TableRouteTests {
  private let caller = Caller()

  @Test func theKindIsListed() async throws {
    let items = try await caller.json("GET", "/v1/models")["items"]?.arrayValue ?? []
    #expect(items.map { $0["kind"]?.stringValue } == ["table", "toy"])
    #expect(items.first?["parameters"] == .array([]))
  }

  @Test func aStudyFromFirstToLast() async throws {
    let made = try await caller.call("POST", "/v1/studies", body: StudyBench.tableDefinition("one").text)
    #expect(made.status == 201)
    try await caller.bench.work(1, on: "one", doing: { StudyBench.lookedUp($0) })
    let study = try await caller.json("GET", "/v1/studies/one")
    #expect(study["resolved"]?["dataset"] == "tried" && study["resolved"]?["validation"] == nil)
    #expect(try await caller.json("GET", "/v1/studies")["items"]?.arrayValue?.first?["dataset"] == "tried")
    let trials = try await caller.json("GET", "/v1/studies/one/trials?state=completed")["items"]?.arrayValue ?? []
    let trial = try #require(trials.first)
    #expect(trial["compute_seconds"] == 2.5 && trial["metrics"]?["loss"] == trial["value"])
    let number = try #require(trial["number"]?.integerValue)
    let model = try await caller.call("GET", "/v1/studies/one/trials/\(number)/model")
    #expect(model.status == 409)
    #expect(
      try JSONValue(parsing: model.body)["detail"]
        == "The trials of study one are looked up in table tried, which has no models.")
    #expect(try await caller.json("GET", "/v1/studies/one/trials/\(number)")["curve"] == .array([]))
    let asked = try await caller.call("POST", "/v1/studies/one/suggestions", body: "{}")
    #expect(asked.status == 409)
    #expect(String(decoding: asked.body, as: UTF8.self).contains("looks its trials up itself"))
  }

  @Test func tablesAndExamplesAreTwoThings() async throws {
    let mixed = StudyBench.definition("two", more: [("dataset", "tried")])
    let answer = try await caller.call("POST", "/v1/studies", body: mixed.text)
    #expect(answer.status == 422 && String(decoding: answer.body, as: UTF8.self).contains("is a table of results"))
    let other = StudyBench.tableDefinition("two").merging(["dataset": "toy"])
    let refused = try await caller.call("POST", "/v1/studies", body: other.text)
    #expect(refused.status == 422 && String(decoding: refused.body, as: UTF8.self).contains("format results"))
  }
}
