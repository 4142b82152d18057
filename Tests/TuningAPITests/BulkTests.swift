import HTTPMessages
import JSONText
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// Answers that hold much of a study: the CSV, the curves and the descents.
@Suite struct BulkTests {
  /// What a streamed answer sends; `meanwhile` runs after each piece.
  private func text(
    _ answer: HTTPResponse, meanwhile: @escaping @Sendable (Int) async throws -> Void = { _ in }
  ) async throws -> String {
    let sink = Sink()
    try await answer.stream?.produce(
      HTTPBodyWriter { bytes in
        let count = await sink.add(bytes)
        try? await meanwhile(count)
        return true
      })
    return String(decoding: await sink.bytes, as: UTF8.self)
  }

  private actor Sink {
    var bytes: [UInt8] = []
    private var count = 0

    func add(_ more: [UInt8]) -> Int {
      bytes += more
      count += 1
      return count
    }
  }

  private func lines(_ answer: HTTPResponse) async throws -> [String] {
    try await text(answer).split(separator: "\r\n").map(String.init)
  }

  @Test func theCSVHasEveryTrialOfManyPages() async throws {
    let caller = Caller()
    let made = try await caller.call(
      "POST", "/v1/studies", body: StudyBench.definition("one", sizes: [30, 20, 3]).text)
    #expect(made.status == 201)
    try await caller.bench.work(1, on: "one") { assignment in
      assignment.number == 2 ? .infeasible(reason: "=1+1", computeSeconds: 0) : StudyBench.outcome(assignment)
    }
    let answer = try await caller.call("GET", "/v1/studies/one/trials.csv")
    #expect(answer.status == 200 && answer.body.isEmpty)
    #expect(answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present")
    #expect(answer.headers["Cairn-Event-Id"] != nil)
    let lines = try await lines(answer)
    #expect(lines.count == 1801)
    #expect(lines[0].hasPrefix("number,state,value,parameter.a,parameter.b,parameter.c,metric."))
    #expect(lines[2].hasPrefix("2,infeasible,,") && lines[2].hasSuffix(",'=1+1"))
    #expect(lines.dropFirst().map { $0.prefix { $0 != "," } } == (1...1800).map { "\($0)" })

    let some = try await self.lines(caller.call("GET", "/v1/studies/one/trials.csv?state=infeasible,failed"))
    #expect(some.count > 1 && some.count < 1000)
    #expect(some.dropFirst() == lines.dropFirst().filter { $0.contains(",infeasible,") }[...])
    let none = try await self.lines(caller.call("GET", "/v1/studies/one/trials.csv?state=queued"))
    #expect(none == [lines[0]])

    let wrong = try await caller.call("GET", "/v1/studies/one/trials.csv?state=done")
    let problem = try JSONValue(parsing: wrong.body)
    #expect(wrong.status == 400 && problem["errors"]?.arrayValue?.first?["pointer"]?.stringValue == "state")
    let known = try await caller.call(
      "GET", "/v1/studies/one/trials.csv", headers: [("If-None-Match", try #require(answer.headers["ETag"]))])
    #expect(known.status == 304 && known.stream == nil)
    #expect(try await caller.call("GET", "/v1/studies/two/trials.csv").status == 404)
  }

  @Test func aStudyThatIsDeletedMeanwhileLeavesNoWholeCSV() async throws {
    let caller = Caller()
    _ = try await caller.call("POST", "/v1/studies", body: StudyBench.definition("one", sizes: [30, 20, 3]).text)
    try await caller.bench.work(1, on: "one")
    let answer = try await caller.call("GET", "/v1/studies/one/trials.csv")
    await #expect(throws: CancellationError.self) {
      _ = try await text(answer) { count in
        if count == 1 { _ = try await caller.call("DELETE", "/v1/studies/one") }
      }
    }
  }

  @Test func aClientThatGoesFreesItsPlace() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    try await caller.bench.work(1, on: "one")
    var answer: HTTPResponse? = try await caller.call("GET", "/v1/studies/one/trials.csv")
    #expect(caller.api.streams.taken == 1)
    await #expect(throws: CancellationError.self) { try await answer?.stream?.produce(HTTPBodyWriter { _ in false }) }
    answer = nil
    #expect(caller.api.streams.taken == 0)
    // One that is never sent holds none either.
    _ = try await caller.call("HEAD", "/v1/studies/one/trials.csv")
    #expect(caller.api.streams.taken == 0 && caller.api.expensive.load == (0, 0))
  }

  @Test func curvesOfManyTrials() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    try await caller.bench.work(1, on: "one")
    let answer = try await caller.call("GET", "/v1/studies/one/curves?numbers=9,3,1000,4")
    #expect(answer.status == 200 && answer.headers["ETag"] != nil && answer.headers["Cairn-Event-Id"] != nil)
    let items = try JSONValue(parsing: answer.body)["items"]?.arrayValue ?? []
    #expect(items.compactMap { $0["number"]?.integerValue } == [9, 3, 4])
    for item in items {
      let trial = try await caller.json("GET", "/v1/studies/one/trials/\(item["number"]?.integerValue ?? 0)")
      #expect(item["curve"] == trial["curve"] && item["curve"] != nil)
    }
    #expect(try await caller.json("GET", "/v1/studies/one/curves?numbers=1000")["items"] == [])
  }

  @Test(arguments: [
    "", "?numbers=", "?numbers=0", "?numbers=1,", "?numbers=1,x", "?numbers=-1", "?numbers=01", "?numbers=1.5",
    "?numbers=+1", "?numbers=1%202", "?numbers=3,1,3", "?numbers=99999999999999999999", "?numbers=1&numbers=2",
    "?numbers=" + (1...201).map { "\($0)" }.joined(separator: ","),
  ])
  func wrongNumbers(_ query: String) async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    let answer = try await caller.call("GET", "/v1/studies/one/curves" + query)
    #expect(answer.status == 400)
    let problem = try JSONValue(parsing: answer.body)
    #expect(problem["errors"]?.arrayValue?.first?["pointer"]?.stringValue == "numbers")
  }

  @Test func twoHundredCurvesAreNotTooMany() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    let all = (1...200).map { "\($0)" }.joined(separator: ",")
    #expect(try await caller.call("GET", "/v1/studies/one/curves?numbers=" + all).status == 200)
  }

  @Test func descentsComeInPages() async throws {
    let caller = Caller()
    let definition = StudyBench.definition(
      "one", algorithm: ["name": "approximate_gradient", "preset": "paper", "restarts": 5], sizes: [9, 9, 9],
      budget: ["trials": 700])
    #expect(try await caller.call("POST", "/v1/studies", body: definition.text).status == 201)
    try await caller.bench.work(1, on: "one")
    let all = try await caller.json("GET", "/v1/studies/one/restarts")
    #expect(all["items"]?.arrayValue?.count == 5 && all["next"] == .null)
    var found: [JSONValue] = []
    var sizes: [Int] = []
    var path = "/v1/studies/one/restarts?limit=2"
    while true {
      let answer = try await caller.call("GET", path)
      let page = try JSONValue(parsing: answer.body)
      let items = page["items"]?.arrayValue ?? []
      found += items
      sizes.append(items.count)
      guard let next = page["next"]?.stringValue else { break }
      #expect(answer.headers["Link"] == "<?limit=2&after=\(next)>; rel=\"next\"")
      path = "/v1/studies/one/restarts?limit=2&after=\(next)"
    }
    #expect(JSONValue.array(found) == all["items"] && sizes == [2, 2, 1])
    #expect(try await caller.call("GET", "/v1/studies/one/restarts?after=x").status == 400)
    #expect(try await caller.call("GET", "/v1/studies/one/restarts?limit=0").status == 400)
  }
}
