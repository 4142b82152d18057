import APIClient
import JSONText
import Testing

@testable import WorkerAgent

/// What a worker asks of a service, and how it understands the answers.
@Suite struct ServiceTests {
  private let requests = ServiceRequests(study: "lr", worker: "h-1-0", leaseSeconds: 15)
  private let trial = Assignment(number: 7, attempt: 1, parameters: JSONObject(), lease: "a b&c", seed: "0")

  private func body(_ request: APIRequest) throws -> String {
    try JSONValue(parsing: request.body ?? []).canonicalText
  }

  @Test func requestsAreThoseOfTheContract() throws {
    #expect(requests.facts.path == "/v1/studies/lr")
    let ask = requests.suggestion(wait: 30)
    #expect(ask.path == "/v1/studies/lr/suggestions")
    #expect(ask.seconds > 30)
    #expect(try body(ask) == #"{"count":1,"holding":[],"lease_seconds":15,"wait_seconds":30,"worker":"h-1-0"}"#)
    let metrics = JSONObject([("acc", 0.5)])
    for (call, place, text) in [
      (ReportCall.heartbeat, "heartbeat", #"{"lease":"a b&c"}"#), (.release, "release", #"{"lease":"a b&c"}"#),
      (
        .measurement(Measurement(step: 3, metrics: metrics)), "measurements",
        #"{"lease":"a b&c","metrics":{"acc":0.5},"step":3}"#
      ),
      (.complete(.metrics(metrics)), "complete", #"{"metrics":{"acc":0.5}}"#),
      (.complete(.infeasible("x")), "complete", #"{"infeasible":"x"}"#),
      (
        .complete(.failure("x", class: .outOfMemory)), "complete",
        #"{"class":"out_of_memory","failure":"x","lease":"a b&c"}"#
      ),
    ] {
      let request = requests.report(call, of: trial, asksNext: false)
      #expect(request.method == "POST")
      #expect(request.path == "/v1/studies/lr/trials/7/" + place)
      #expect(try body(request) == text)
    }
    let next = try JSONValue(
      parsing: requests.report(.complete(.metrics(metrics)), of: trial, asksNext: true).body ?? [])
    #expect(next["next"]?.canonicalText == #"{"count":1,"lease_seconds":15,"worker":"h-1-0"}"#)
    let log = requests.report(.log(offset: 9, bytes: [1]), of: trial, asksNext: false)
    #expect(log.path == "/v1/studies/lr/trials/7/log?lease=a%20b%26c&offset=9")
    #expect(log.body == [1] && log.contentType == "text/plain")
  }

  private func answer(_ status: Int, _ text: String = "", _ fields: [String: String] = [:]) -> ServiceAnswer {
    ServiceAnswer(APIAnswer(status: status, fields: fields, body: Array(text.utf8)))
  }

  @Test func statusesAreUnderstood() {
    let problem = #"{"title":"T","detail":"D."}"#
    #expect(answer(200, "{}") == .value(.object(JSONObject())))
    #expect(answer(204) == .value(.null))
    #expect(answer(200, "<html>") == .unavailable("the answer is not JSON", retryAfter: nil))
    #expect(answer(401, problem) == .closed("D."))
    #expect(answer(404, problem) == .missing("D."))
    #expect(answer(409, problem) == .conflict("D.", isLease: false))
    #expect(answer(409, #"{"type":"/problems/lease_lost","detail":"D."}"#) == .conflict("D.", isLease: true))
    #expect(
      answer(422, #"{"detail":"D.","errors":[{"pointer":"/a","detail":"no"},{"pointer":"","detail":"x"}]}"#)
        == .refused("D. /a: no; : x"))
    #expect(
      answer(503, problem, ["retry-after": "3"]) == .unavailable("the service answered with status 503", retryAfter: 3))
    #expect(
      answer(429, problem, ["retry-after": "soon"])
        == .unavailable("the service answered with status 429", retryAfter: nil))
    #expect(answer(302) == .closed("the server answered with a redirect (status 302)"))
  }

  @Test func reportsAreUnderstood() throws {
    let heartbeat = ReportCall.heartbeat
    let complete = ReportCall.complete(.infeasible("x"))
    func read(_ text: String, _ call: ReportCall) throws -> ReportAnswer {
      ReportAnswer(.value(try JSONValue(parsing: Array(text.utf8))), to: call)
    }
    #expect(try read(#"{"should_stop":false}"#, heartbeat) == .renewed(stop: nil))
    #expect(try read(#"{"should_stop":true,"reason":"pruned"}"#, heartbeat) == .renewed(stop: .pruned))
    #expect(try read(#"{"should_stop":true,"reason":"deleted"}"#, heartbeat) == .renewed(stop: .deleted))
    #expect(try read(#"{"should_stop":true}"#, heartbeat) == .renewed(stop: .stopped))
    #expect(try read(#"{"state":"completed"}"#, complete) == .taken(state: "completed"))
    #expect(
      try read(#"{"trial":{"state":"queued"},"items":[],"study_state":"running"}"#, complete) == .taken(state: "queued")
    )
    #expect(ReportAnswer(.conflict("x", isLease: false), to: complete) == .otherResult("x"))
    #expect(ReportAnswer(.conflict("x", isLease: true), to: complete) == .leaseLost)
    #expect(ReportAnswer(.conflict("x", isLease: false), to: heartbeat) == .leaseLost)
    #expect(ReportAnswer(.missing("x"), to: heartbeat) == .deleted)
    #expect(ReportAnswer(.missing("x"), to: .log(offset: 0, bytes: [1])) == .refused("x"))
    #expect(ReportAnswer(.closed("x"), to: heartbeat) == .unreachable("x", retryAfter: nil))
  }

  @Test func offersAreRead() throws {
    func offer(_ text: String) throws -> Offer? { Offer(try JSONValue(parsing: Array(text.utf8))) }
    let trial = try #require(
      try offer(
        #"{"items":[{"number":3,"attempt":2,"seed":9007199254740991,"lease":"l","parameters":{"a":1}}],"study_state":"running"}"#
      )?.trial)
    #expect(trial.number == 3 && trial.attempt == 2 && trial.lease == "l" && trial.seed == "9007199254740991")
    let none = try #require(
      try offer(#"{"items":[],"study_state":"paused","retry_after_seconds":2,"waiting_for":"paused"}"#))
    #expect(none.trial == nil && !none.hasEnded && none.retryAfter == 2)
    #expect(try offer(#"{"items":[],"study_state":"completed"}"#)?.hasEnded == true)
    #expect(try offer(#"{"items":[{"number":3}],"study_state":"running"}"#) == nil)
    #expect(try offer("{}") == nil)
  }

  private func facts(_ parameters: String, kind: String = "external") throws -> StudyFacts {
    let text = """
      {"name":"s","state":"running","definition":{"model":{"kind":"\(kind)"},"parameters":\(parameters),
      "objective":{"metric":"acc","goal":"maximize"}}}
      """
    return try #require(StudyFacts(try JSONValue(parsing: Array(text.utf8))))
  }

  @Test func studiesThatNoWorkerCanServeAreRefused() throws {
    let study = try facts(#"{"lr":{"type":"real"},"units":{"type":"integer"}}"#)
    #expect(study.objective == "acc" && study.parameters == ["lr", "units"])
    try study.check(named: ["lr"])
    for (study, names, words) in [
      (study, ["lr", "x"], ["{x}", "{lr}, {units}"]), (try facts("{}", kind: "mlp"), [], ["external", "mlp"]),
      (try facts(#"{"lr":{},"LR":{}}"#), [], ["CAIRN_PARAM_LR"]),
      (try facts(#"{"c":{"type":"categorical","values":["a","b\u0000"]}}"#), [], ["NUL"]),
    ] {
      let error = #expect(throws: WorkerRefusal.self) { try study.check(named: names) }
      for word in words { #expect(error?.description.contains(word) == true) }
    }
  }
}
