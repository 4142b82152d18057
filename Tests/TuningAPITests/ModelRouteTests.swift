import Foundation
import HTTPMessages
import JSONText
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// Models as files, and asked about new examples.
@Suite struct ModelRouteTests {
  private let shelf = ShelfDouble()
  private let caller: Caller

  init() { caller = Caller(shelf: shelf) }

  /// Keeps what a test says; every model tells two classes apart by the first number.
  actor ShelfDouble: ModelShelf {
    private var scores: [ModelKey: TestScore] = [:]

    func put(_ key: ModelKey) { scores[key] = TestScore(accuracy: 0.75, loss: 0.5) }
    func has(_ key: ModelKey) -> Bool { scores[key] != nil }
    func file(_ key: ModelKey) -> [UInt8]? { has(key) ? Array("model \(key.number)".utf8) : nil }
    func model(_ key: ModelKey) -> (any ScoringModel)? { has(key) ? Model() : nil }
    func testScore(_ key: ModelKey) -> TestScore? { scores[key] }
    func remove(study: UUID) { scores = scores.filter { $0.key.study != study } }
    func studies() -> [UUID] { Array(Set(scores.keys.map(\.study))) }
    func trim(study: UUID, keeping numbers: Set<Int>, others: Int) {}
  }

  private struct Model: ScoringModel {
    let features = 2
    let classes = ["no", "yes"]
    func prediction(for numbers: [Double]) -> (label: Int, probabilities: [Double]) {
      let share = numbers[0] > 1e300 ? .infinity : numbers[0] > 0 ? 0.75 : 0.25
      return (share > 0.5 ? 1 : 0, [1 - share, share])
    }
  }

  /// A study of 20 points whose trials are done; the worker trains the models that it is handed where `trains` says so.
  private func finishStudy(
    trains: @escaping @Sendable (ModelAssignment) -> Bool = { _ in false }
  ) async throws -> (study: Study, worker: Task<Void, any Error>) {
    _ = try await caller.bench.supervisor.create(StudyBench.definition("one", sizes: [5, 4]))
    let queue = caller.bench.supervisor.queue
    let worker = Task { [shelf] in
      var finished: (work: Work, report: WorkReport)?
      while let next = try await queue.next(worker: "w", finished: finished) {
        var report = WorkReport()
        switch next {
        case .trials(let trials): for trial in trials { report.trials[trial.number] = StudyBench.completed(0.5) }
        case .model(let model):
          report.model = trains(model) ? .kept : .failed("the data set is gone")
          if trains(model) { await shelf.put(ModelKey(study: model.study, number: model.number)) }
        default: break
        }
        finished = (next, report)
      }
    }
    try await caller.bench.waitUntil { [bench = caller.bench] in try await bench.study("one").state == .completed }
    return (try await caller.bench.study("one"), worker)
  }

  @Test func aModelThatIsKeptIsGiven() async throws {
    let (study, worker) = try await finishStudy { _ in true }
    await shelf.put(ModelKey(study: study.id, number: 3))
    let answer = try await caller.call("GET", "/v1/studies/one/trials/3/model")
    #expect(answer.status == 200 && answer.body == Array("model 3".utf8))
    #expect(answer.headers["Content-Type"] == "application/octet-stream")
    #expect(answer.headers["Content-Disposition"] == "attachment; filename=\"one-3-0-0.safetensors\"")
    for (path, headers, status) in [
      ("3/model", [("Accept", "application/json")], 406), ("3/model?repeat=1", [], 400), ("3/model?fold=1", [], 400),
      ("3/model?fold=0&repeat=0", [], 200), ("03/model", [], 404), ("0/model", [], 404), ("21/model", [], 404),
      ("x/model", [], 404), ("3/model?nonsense=1", [], 400),
    ] as [(String, [(String, String)], Int)] {
      let answer = try await caller.call("GET", "/v1/studies/one/trials/" + path, headers: headers)
      #expect(answer.status == status, "\(path): \(answer.status)")
    }
    #expect(try await caller.call("GET", "/v1/studies/two/trials/3/model").status == 404)
    await caller.bench.supervisor.queue.close()
    try await worker.value
  }

  /// One of the best points' models is waited for: it should be there soon.
  @Test func aModelIsTrainedOnDemand() async throws {
    let (study, worker) = try await finishStudy { _ in true }
    let number = try #require(
      try await caller.bench.store.bestPoints(study: study.id, maximize: true, count: 1).value.first?.trials.first)
    var answer = HTTPResponse(status: 202)
    // It waits for ten seconds, in which a machine that is held up may not come to train it.
    while answer.status == 202 { answer = try await caller.call("GET", "/v1/studies/one/trials/\(number)/model") }
    #expect(answer.status == 200)
    await caller.bench.supervisor.queue.close()
    try await worker.value
  }

  @Test func anotherPointsModelTakesAWhile() async throws {
    let (study, worker) = try await finishStudy { _ in false }
    await caller.bench.supervisor.queue.close()
    try await worker.value
    let best = try await caller.bench.store.bestPoints(study: study.id, maximize: true, count: 10).value
    let kept = Set(best.flatMap(\.trials))
    let other = try #require((1...20).first { !kept.contains($0) })
    let answer = try await caller.call("GET", "/v1/studies/one/trials/\(other)/model")
    #expect(
      answer.status == 202 && answer.headers["Retry-After"] == "1" && answer.headers["Cache-Control"] == "no-store")
    #expect(try JSONValue(parsing: answer.body)["state"]?.stringValue == "training")
    // The same request gets the predictions once there are some.
    for _ in 0..<2 {
      let asked = try await caller.call(
        "POST", "/v1/studies/one/trials/\(other)/predict", body: #"{"examples": [[1, 2]]}"#,
        headers: [("Idempotency-Key", "k")])
      #expect(asked.status == 202 && asked.headers["Idempotent-Replayed"] == nil)
    }
    await shelf.put(ModelKey(study: study.id, number: other))
    let asked = try await caller.call(
      "POST", "/v1/studies/one/trials/\(other)/predict", body: #"{"examples": [[1, 2]]}"#,
      headers: [("Idempotency-Key", "k")])
    #expect(asked.status == 200)
  }

  @Test func examplesArePredicted() async throws {
    let (study, worker) = try await finishStudy { _ in true }
    await shelf.put(ModelKey(study: study.id, number: 3))
    let path = "/v1/studies/one/trials/3/predict"
    let answer = try await caller.json("POST", path, body: #"{"examples": [[1, 2], [-1, 2.5]]}"#)
    #expect(
      answer.text
        == #"{"classes":["no","yes"],"predictions":[{"class":"yes","probabilities":[0.25,0.75]},"#
        + #"{"class":"no","probabilities":[0.75,0.25]}]}"#)
    for (body, pointers) in [
      ("[]", [""]), ("{}", [""]), (#"{"examples": 1}"#, ["/examples"]), (#"{"examples": []}"#, ["/examples"]),
      (#"{"examples": [[1]]}"#, ["/examples/0"]), (#"{"examples": [1, [1, "a"]]}"#, ["/examples/0", "/examples/1/1"]),
      (#"{"exampels": [[1, 2]]}"#, ["/exampels", ""]), (#"{"examples": [[1, 2], [1e301, 0]]}"#, ["/examples/1"]),
    ] {
      let refused = try await caller.call("POST", path, body: body)
      let found = try JSONValue(parsing: refused.body)["errors"]?.arrayValue?.compactMap { $0["pointer"]?.stringValue }
      #expect(refused.status == 422 && found == pointers, "\(body): \(found ?? [])")
    }
    let many = #"{"examples": [\#(Array(repeating: "[0,0]", count: 1001).joined(separator: ","))]}"#
    #expect(try await caller.call("POST", path, body: many).status == 422)
    let texts = #"{"examples": [\#(Array(repeating: #"["a","b"]"#, count: 1000).joined(separator: ","))]}"#
    #expect(try await caller.json("POST", path, body: texts)["errors"]?.arrayValue?.count == 100)
    #expect(try await caller.call("POST", path, body: "{").status == 400)
    await caller.bench.supervisor.queue.close()
    try await worker.value
  }

  /// GETs read: what they find missing they do not order.
  @Test func theBestAreReadAndNothingIsTrained() async throws {
    _ = try await caller.bench.supervisor.create(StudyBench.definition("one", sizes: [5, 4]))
    let running = try await caller.json("GET", "/v1/studies/one/best")
    #expect(running["items"] == [])
    try await caller.bench.work(1, on: "one")
    let study = try await caller.bench.study("one")
    for _ in 0..<2 {
      let items = try await caller.json("GET", "/v1/studies/one/best")["items"]?.arrayValue ?? []
      let states = items.map { $0["final_state"]?.stringValue }
      #expect(items.count == 10 && Set(states.dropFirst(3)) == ["none"])
      #expect(states.prefix(3).allSatisfy { $0 == "pending" || $0 == "none" }, "\(states)")
      #expect(items.allSatisfy { $0["test"] == nil })
    }
    let first = try #require(
      try await caller.bench.store.bestPoints(study: study.id, maximize: true, count: 1).value.first?.trials.first)
    await shelf.put(ModelKey(study: study.id, number: first))
    let best = try await caller.json("GET", "/v1/studies/one/best?count=1")["items"]?.arrayValue?.first
    #expect(best?["final_state"]?.stringValue == "scored" && best?["final"]?.numberValue == 0.75)
    #expect(try await caller.json("GET", "/v1/studies/one")["best"]?["final_state"]?.stringValue == "scored")
    for wrong in ["count=0", "count=1001", "count=x", "limit=1"] {
      #expect(try await caller.call("GET", "/v1/studies/one/best?" + wrong).status == 400, "\(wrong)")
    }
  }

  @Test func aTrialThatIsNotCompletedHasNone() async throws {
    _ = try await caller.bench.supervisor.create(StudyBench.definition("one", sizes: [5, 4]))
    _ = try await caller.bench.supervisor.queue.next(worker: "w", finished: nil)
    let answer = try await caller.call("GET", "/v1/studies/one/trials/1/model")
    #expect(answer.status == 409 && String(decoding: answer.body, as: UTF8.self).contains("running"))
    #expect(try await Caller().call("GET", "/v1/studies/one/trials/1/model").status == 404)
  }

  @Test func aServiceWithoutAShelfSaysSo() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    try await caller.bench.work(1, on: "one") { _ in StudyBench.completed(0.5) }
    let answer = try await caller.call("GET", "/v1/studies/one/trials/1/model")
    #expect(answer.status == 503 && answer.headers["Retry-After"] != nil)
    let best = try await caller.json("GET", "/v1/studies/one/best?count=1")["items"]?.arrayValue?.first
    #expect(best?["final_state"]?.stringValue == "none" && best?["final"] == .null)
  }
}
