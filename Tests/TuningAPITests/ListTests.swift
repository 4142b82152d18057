import Foundation
import HTTPMessages
import JSONText
import SearchSpace
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// Pages and conditions.
@Suite struct ListTests {
  @Test func everyItemIsMetOnceWhileOthersComeIn() async throws {
    let caller = Caller()
    for index in 0..<7 { try await caller.makeStudy("s\(index)") }
    var names: [String] = []
    var path = "/v1/studies?limit=3"
    while true {
      let answer = try await caller.call("GET", path)
      let page = try JSONValue(parsing: answer.body)
      names += page["items"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
      let next = page["next"]?.stringValue
      #expect((answer.headers["Link"] != nil) == (next != nil))
      guard let next else { break }
      #expect(answer.headers["Link"] == "<?limit=3&after=\(next)>; rel=\"next\"")
      if names.count == 3 { try await caller.makeStudy("late") }
      path = "/v1/studies?limit=3&after=\(next)"
    }
    #expect(names.filter { $0 != "late" } == (0..<7).reversed().map { "s\($0)" })
  }

  @Test func aCursorBelongsToItsFilters() async throws {
    let caller = Caller()
    for index in 0..<3 { try await caller.makeStudy("s\(index)") }
    let next = try #require(try await caller.json("GET", "/v1/studies?limit=1")["next"]?.stringValue)
    #expect(try await caller.call("GET", "/v1/studies?limit=2&after=\(next)").status == 200)
    #expect(try await caller.call("GET", "/v1/studies?state=running&after=\(next)").status == 400)
    #expect(try await caller.call("GET", "/v1/models?after=\(next)").status == 400)
  }

  @Test func aCursorThatWasMadeUpIsRefused() async throws {
    let caller = Caller()
    for index in 0..<3 { try await caller.makeStudy("s\(index)") }
    for path in ["/v1/studies", "/v1/studies/s1/trials", "/v1/algorithms"] {
      let next = try await caller.json("GET", path + "?limit=1")["next"]?.stringValue ?? ""
      // What a cursor holds can be read, so what is refused is not only what cannot.
      let changed = Data(
        Data(base64Encoded: next + String(repeating: "=", count: (4 - next.count % 4) % 4))?.reversed() ?? [])
      for made in [
        "garbage", "%5B%22studies%22%2C1%5D", "bnVsbA", "WyJzdHVkaWVzIiwxXQ", next + "AAAA", String(next.dropLast(4)),
        changed.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""),
      ] {
        let answer = try await caller.call("GET", path + "?after=" + made)
        let problem = try JSONValue(parsing: answer.body)
        #expect(answer.status == 400, "\(path) \(made)")
        #expect(problem["errors"]?.arrayValue?.first?["pointer"]?.stringValue == "after")
      }
    }
  }

  @Test(arguments: ["/v1/studies", "/v1/datasets", "/v1/models", "/v1/algorithms", "/v1/workers"])
  func limits(_ path: String) async throws {
    let caller = Caller()
    for wrong in [
      "limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "limit=1&limit=2", "after=rubbish", "after=",
    ] {
      let answer = try await caller.call("GET", path + "?" + wrong)
      #expect(answer.status == 400, "\(wrong)")
    }
    #expect(try await caller.call("GET", path + "?limit=1000").status == 200)
  }

  @Test func catalogueLists() async throws {
    let caller = Caller()
    let all = try await caller.json("GET", "/v1/algorithms")
    #expect(all["next"] == .null)
    var names: [String] = []
    var after = ""
    let known = AlgorithmFacts.catalogue.map(\.name)
    for _ in known {
      let page = try await caller.json("GET", "/v1/algorithms?limit=1" + after)
      names += page["items"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
      after = page["next"]?.stringValue.map { "&after=\($0)" } ?? ""
    }
    #expect(names == known.sorted())
    #expect(all["items"]?.arrayValue?.count == known.count)
  }

  /// Each form of an algorithm with its version and its options, the usual one too.
  @Test func formsOfAlgorithms() async throws {
    let caller = Caller()
    let items = try await caller.json("GET", "/v1/algorithms")["items"]?.arrayValue ?? []
    #expect(items.count == AlgorithmFacts.catalogue.count)
    for item in items {
      let isApproximate = item["name"]?.stringValue == "approximate_gradient"
      let expected: JSONValue =
        isApproximate
        ? [
          [
            "option": "preset", "value": "adaptive", "version": 2,
            "options": ["gradient", "step", "start", "poll", "edges", "restarts"], "needs_grid": false,
          ],
          ["option": "preset", "value": "paper", "version": 1, "options": ["restarts"], "needs_grid": true],
        ] : []
      #expect(item["forms"] == expected)
    }
  }

  @Test func labelsMustAllHold() async throws {
    let caller = Caller()
    try await caller.makeStudy("one", more: [("labels", ["a": "1", "b": "2"])])
    func found(_ query: String) async throws -> Int? {
      try await caller.json("GET", "/v1/studies?" + query)["items"]?.arrayValue?.count
    }
    #expect(try await found("label=a:1&label=b:2&label=a:1") == 1)
    #expect(try await found("label=a:1&label=b:1") == 0)
    for (query, count) in [("a", 1), ("a&label=b:2", 1), ("c", 0), ("a&label=a:2", 0), ("a:", 0)] {
      #expect(try await found("label=\(query)") == count, "\(query)")
    }
    #expect(try await caller.call("GET", "/v1/studies?label=").status == 400)
    let problem = try await caller.json("GET", "/v1/studies?label=a:1&label=a:2")
    #expect(problem["errors"]?.arrayValue?.first?["pointer"]?.stringValue == "label")
  }

  @Test func aStudyTellsWhatIsInForce() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    let patch = #"{"budget": {"trials": 7}, "parallelism": 9, "max_running": 2}"#
    let study = try await caller.json("PATCH", "/v1/studies/one", body: patch)
    #expect(study["budget"] == ["trials": 7, "seconds": nil, "stall_trials": nil, "trial_seconds": nil])
    #expect(study["parallelism"] == 9 && study["max_running"] == 2)
    #expect(study["resolved"]?["parallelism"] == 1 && study["resolved"]?["max_running"] == .null)
  }

  @Test func conditions() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    let first = try await caller.call("GET", "/v1/studies/one")
    let tag = try #require(first.headers["ETag"])
    for condition in [tag, "\"other\", \(tag)", "*", String(tag.dropFirst(2))] {
      let answer = try await caller.call("GET", "/v1/studies/one", headers: [("If-None-Match", condition)])
      #expect(answer.status == 304 && answer.body.isEmpty && answer.headers["ETag"] == tag, "\(condition)")
    }
    let wrong = try await caller.call("POST", "/v1/studies/one/pause", headers: [("If-Match", "\"other\"")])
    #expect(wrong.status == 412)
    #expect(try await caller.call("POST", "/v1/studies/one/pause", headers: [("If-Match", tag)]).status == 200)
    #expect(try await caller.call("DELETE", "/v1/studies/one", headers: [("If-Match", tag)]).status == 412)
    let changed = try await caller.call("GET", "/v1/studies/one", headers: [("If-None-Match", tag)])
    #expect(changed.status == 200 && changed.headers["ETag"] != tag)
  }

  @Test func everyAnswerAboutAStudyTellsItsPosition() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    try await caller.bench.work(1, on: "one")
    for path in ["", "/trials", "/trials/1", "/best", "/restarts"] {
      let answer = try await caller.call("GET", "/v1/studies/one" + path)
      if path == "/restarts" { continue }
      #expect(answer.status == 200 && Int(answer.headers["Cairn-Event-Id"] ?? "") != nil, "\(path)")
    }
    #expect(try await caller.call("GET", "/v1/studies/one/trials/0").status == 404)
    #expect(try await caller.call("GET", "/v1/studies/one/trials/61").status == 404)
    #expect(try await caller.call("GET", "/v1/studies/one/trials/01").status == 404)
  }

  @Test func pointsThatWereRunOnceAreNotCompared() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    func leaders() async throws -> JSONValue? { try await caller.json("GET", "/v1/studies/one/best")["leaders"] }
    let before = try await leaders()
    #expect(before?["detail"]?.stringValue?.hasPrefix("No trial is completed") ?? false)
    try await caller.bench.work(1, on: "one")
    // Nothing of an earlier revision is told again.
    let after = try await leaders()
    #expect(after?["detail"]?.stringValue?.hasPrefix("Every point was run once") ?? false)
    #expect(after?["trials"]?.arrayValue?.isEmpty ?? false && after?["p"]?.arrayValue?.isEmpty ?? false)
  }

  @Test func theBestComeFirstAndThoseWithoutAValueLast() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    try await caller.bench.work(2, on: "one")
    let trials = try await caller.json("GET", "/v1/studies/one/trials?order=value")["items"]?.arrayValue ?? []
    let values = trials.map { $0["value"]?.numberValue }
    #expect(values.count == 60 && values.contains(nil))
    let there = values.prefix { $0 != nil }.compactMap { $0 }
    #expect(there == there.sorted(by: >) && values.dropFirst(there.count).allSatisfy { $0 == nil })
    let best = try await caller.json("GET", "/v1/studies/one/best?count=1")["items"]?.arrayValue?.first
    #expect(best?["value"]?.numberValue == there.first)
  }
}
