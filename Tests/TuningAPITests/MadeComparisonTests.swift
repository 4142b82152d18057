import Foundation
import HTTPMessages
import JSONText
import Studies
import StudyDefinitions
import TestSupport
import Testing

@testable import TuningAPI

/// Comparisons that make their studies.
@Suite struct MadeComparisonTests {
  private actor Sent {
    var bytes: [UInt8] = []

    func add(_ more: [UInt8]) -> Bool {
      bytes += more
      return true
    }
  }

  private static func body(_ name: String, trials: Int = 12, seeds: JSONValue = 2) -> JSONValue {
    var object = StudyBench.definition(name).objectValue ?? JSONObject()
    for name in ["algorithm", "seed"] { object[name] = nil }
    object["algorithms"] = [["name": "random"], ["name": "tpe", "label": "parzen"]]
    object["seeds"] = seeds
    object["budget"] = ["trials": .number(Double(trials))]
    return .object(object)
  }

  private static let names = ["c-random-0", "c-random-1", "c-parzen-0", "c-parzen-1"]

  private func finish(_ caller: Caller, _ names: [String] = Self.names) async throws {
    let tasks = caller.bench.startWorkers(3) { StudyBench.outcome($0) }
    for name in names { try await caller.bench.waitUntil { try await caller.bench.study(name).state.isFinished } }
    await caller.bench.supervisor.queue.close()
    for task in tasks { await task.value }
  }

  @Test func aComparisonMakesItsStudiesAndComparesThem() async throws {
    let caller = Caller()
    let body = Self.body("c")
    let made = try await caller.call("POST", "/v1/comparisons", body: body.text)
    let begun = try JSONValue(parsing: made.body)
    #expect(made.status == 201 && made.headers["Location"] == "/v1/comparisons/c")
    #expect(begun["name"] == "c" && begun["state"] == "running" && begun["definition"] == body)
    #expect(
      begun["progress"]?["studies"] == 4 && begun["progress"]?["ended"] == 0 && begun["progress"]?["deleted"] == 0)
    #expect(begun["detail"] == "No seed has ended with every algorithm.")
    let labelled = try await caller.json("GET", "/v1/studies?label=comparison:c")
    #expect(Set(labelled["items"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []) == Set(Self.names))
    try await finish(caller)
    let found = try await caller.json("GET", "/v1/comparisons/c")
    #expect(found["state"] == "completed" && found["progress"]?["ended"] == 4)
    #expect(found["algorithms"]?.arrayValue?.map { $0["name"] } == ["random", "parzen"])
    #expect(found["algorithms"]?.arrayValue?[1]["algorithm"]?["name"] == "tpe")
    // The same numbers as of the same studies put side by side.
    let adhoc = try await caller.json("GET", "/v1/comparisons/adhoc?studies=" + Self.names.joined(separator: ","))
    for (one, other) in zip(found["algorithms"]?.arrayValue ?? [], adhoc["algorithms"]?.arrayValue ?? []) {
      for part in ["studies", "by_trials", "by_iterations", "targets", "rank", "algorithm"] {
        #expect(one[part] == other[part], "\(part)")
      }
    }
    // As a study that is posted by itself.
    let study = try await caller.bench.study("c-parzen-1")
    let posted = try await caller.call("POST", "/v1/studies", body: study.definition.text)
    #expect(posted.status == 200)
    // The same again is the same, also with what is left out given.
    var same = body.objectValue ?? JSONObject()
    same["training_seed"] = 0
    for again in [body, .object(same)] {
      let answer = try await caller.call("POST", "/v1/comparisons", body: again.text)
      #expect(answer.status == 200 && answer.headers["Location"] == nil)
    }
    let other = try await caller.call("POST", "/v1/comparisons", body: Self.body("c", trials: 13).text)
    #expect(other.status == 409)
    #expect(try JSONValue(parsing: other.body)["detail"]?.stringValue?.contains("comparison named \"c\"") == true)
  }

  @Test func tagsAndConditions() async throws {
    let caller = Caller()
    _ = try await caller.call("POST", "/v1/comparisons", body: Self.body("c").text)
    let first = try await caller.call("GET", "/v1/comparisons/c")
    let tag = try #require(first.headers["ETag"])
    for path in ["/v1/comparisons/c", "/v1/comparisons/c.csv"] {
      let again = try await caller.call("GET", path, headers: [("If-None-Match", tag)])
      #expect(again.status == 304 && again.body.isEmpty && again.headers["ETag"] == tag, "\(path)")
    }
    _ = try await caller.call("POST", "/v1/studies/c-random-0/pause")
    let changed = try await caller.call("GET", "/v1/comparisons/c", headers: [("If-None-Match", tag)])
    #expect(changed.status == 200 && changed.headers["ETag"] != tag)
    for (method, path) in [("POST", "/v1/comparisons/c/stop"), ("DELETE", "/v1/comparisons/c")] {
      #expect(try await caller.call(method, path, headers: [("If-Match", tag)]).status == 412)
    }
    let now = try #require(changed.headers["ETag"])
    #expect(try await caller.call("DELETE", "/v1/comparisons/c", headers: [("If-Match", now)]).status == 204)
  }

  @Test func stopAndDelete() async throws {
    let caller = Caller()
    _ = try await caller.call("POST", "/v1/comparisons", body: Self.body("c").text)
    let stopped = try await caller.json("POST", "/v1/comparisons/c/stop")
    #expect(stopped["state"] == "stopped" && stopped["progress"]?["ended"] == 4)
    // What was cut short has no final value.
    #expect(stopped["algorithms"]?.arrayValue?.allSatisfy { $0["rank"] == .null } == true)
    #expect(try await caller.call("POST", "/v1/comparisons/c/stop").status == 200)
    for name in Self.names { #expect(try await caller.bench.study(name).state == .stopped) }
    #expect(try await caller.call("DELETE", "/v1/comparisons/c").status == 204)
    for path in ["/v1/comparisons/c", "/v1/comparisons/c.csv", "/v1/studies/c-random-0"] {
      #expect(try await caller.call("GET", path).status == 404, "\(path)")
    }
    for method in ["DELETE", "POST"] {
      let path = "/v1/comparisons/c" + (method == "POST" ? "/stop" : "")
      #expect(try await caller.call(method, path).status == 404)
    }
    // Its name is free.
    #expect(try await caller.call("POST", "/v1/comparisons", body: Self.body("c", trials: 3).text).status == 201)
    try await finish(caller)
    let ended = try await caller.call("POST", "/v1/comparisons/c/stop")
    #expect(ended.status == 409)
    #expect(
      try JSONValue(parsing: ended.body)["detail"]
        == "All studies of comparison c have ended, so that it cannot be stopped.")
  }

  @Test func aStudyMayBeDeletedByHand() async throws {
    let caller = Caller()
    _ = try await caller.call("POST", "/v1/comparisons", body: Self.body("c").text)
    #expect(try await caller.call("DELETE", "/v1/studies/c-random-0").status == 204)
    try await finish(caller, Array(Self.names.dropFirst()))
    let found = try await caller.json("GET", "/v1/comparisons/c")
    #expect(found["progress"]?["studies"] == 3 && found["progress"]?["deleted"] == 1 && found["state"] == "completed")
    #expect(found["tests"]?.arrayValue?.first?["seeds"] == 1)
    #expect(try await caller.call("DELETE", "/v1/studies/c-random-1").status == 204)
    let less = try await caller.json("GET", "/v1/comparisons/c")
    #expect(less["algorithms"]?.arrayValue?.first?["studies"] == [] && less["tests"] == [])
    // A study that took the name later is none of its own.
    try await caller.makeStudy("c-random-0")
    #expect(try await caller.json("GET", "/v1/comparisons/c")["progress"]?["studies"] == 2)
    #expect(try await caller.call("DELETE", "/v1/comparisons/c").status == 204)
    #expect(try await caller.call("GET", "/v1/studies/c-random-0").status == 200)
  }

  @Test func theListAndTheTable() async throws {
    let caller = Caller()
    for name in ["a", "b", "c"] {
      #expect(try await caller.call("POST", "/v1/comparisons", body: Self.body(name, trials: 4).text).status == 201)
    }
    let first = try await caller.json("GET", "/v1/comparisons?limit=2")
    #expect(first["items"]?.arrayValue?.map { $0["name"] } == ["c", "b"])
    let row = first["items"]?.arrayValue?.first
    #expect(row?["algorithms"] == ["random", "parzen"] && row?["seeds"] == 2 && row?["state"] == "running")
    #expect(row?["progress"] == ["studies": 4, "ended": 0, "deleted": 0])
    let cursor = try #require(first["next"]?.stringValue)
    let second = try await caller.json("GET", "/v1/comparisons?after=\(cursor)")
    #expect(second["items"]?.arrayValue?.map { $0["name"] } == ["a"] && second["next"] == .null)
    #expect(try await caller.call("GET", "/v1/studies?after=\(cursor)").status == 400)
    try await finish(caller)
    let answer = try await caller.call("GET", "/v1/comparisons/c.csv")
    #expect(answer.headers["Content-Type"]?.hasPrefix("text/csv") == true)
    let sent = Sent()
    try await answer.stream?.produce(HTTPBodyWriter { await sent.add($0) })
    let text = String(decoding: await sent.bytes, as: UTF8.self)
    let rows = text.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 17 && rows.allSatisfy { $0.count == 10 })
    #expect(rows[0].joined(separator: ",").hasPrefix("algorithm,study,seed,training_seed,number,state,value,best,"))
    #expect(rows[1].prefix(5).joined(separator: ",") == "random,c-random-0,0,0,1")
    #expect(rows[16].prefix(5).joined(separator: ",") == "parzen,c-parzen-1,1,0,4")
    let best = try await caller.bench.trials("c-parzen-1").compactMap(\.value).max()
    #expect(Double(rows[16][7]) == best)
  }

  @Test func whatClashesIsNamedAndNothingIsMade() async throws {
    let caller = Caller()
    try await caller.makeStudy("c-parzen-1")
    let answer = try await caller.call("POST", "/v1/comparisons", body: Self.body("c").text)
    let detail = try JSONValue(parsing: answer.body)["detail"]?.stringValue ?? ""
    #expect(answer.status == 409 && detail.hasPrefix("A study named \"c-parzen-1\" already exists"))
    for path in ["/v1/comparisons/c", "/v1/studies/c-random-0"] {
      #expect(try await caller.call("GET", path).status == 404)
    }
    let faulty = try await caller.call("POST", "/v1/comparisons", body: #"{"name": "c", "algorithm": {}}"#)
    #expect(faulty.status == 422)
  }

  @Test func aKeyMakesOneComparison() async throws {
    let caller = Caller()
    var unnamed = Self.body("c").objectValue ?? JSONObject()
    unnamed["name"] = nil
    var names: Set<String> = []
    for _ in 0..<2 {
      let answer = try await caller.call(
        "POST", "/v1/comparisons", body: JSONValue.object(unnamed).text, headers: [("Idempotency-Key", "k")])
      #expect(answer.status == 201)
      names.insert(try JSONValue(parsing: answer.body)["name"]?.stringValue ?? "")
    }
    #expect(names.count == 1 && names.first?.hasPrefix("comparison-") == true)
    #expect(try await caller.json("GET", "/v1/comparisons")["items"]?.arrayValue?.count == 1)
  }

  @Test func whatWasSharedIsCharged() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s"))
    let study = ComparedStudy(try await bench.study("s"))
    func brief(_ number: Int, _ state: TrialState = .completed, seconds: Double?) -> TrialBrief {
      TrialBrief(
        number: number, state: state, value: state == .completed ? 1 : nil, point: UInt64(number), setting: 8,
        seconds: seconds)
    }
    let race = study.race(
      [
        brief(1, seconds: 3), brief(2, .stopped, seconds: 0), brief(3, .failed, seconds: 0), brief(4, seconds: nil),
        brief(5, .running, seconds: 0), brief(6, seconds: 7),
      ], setting: "a")
    // Nothing beyond a trial that is open, and nothing of what was cut short.
    #expect(race.trials.map(\.seconds) == [3, 0, nil] && !race.hasEnded)
    #expect(race.trials.map(\.iterations) == [8, 8, 8])
  }
}
