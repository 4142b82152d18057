import HTTPMessages
import HTTPServer
import Studies
import TestSupport
import Testing
import TuningAPI

/// The same requests at the API's handler and over a socket: what lies between changes nothing but the framing.
@Suite struct BothDepthsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var method = "GET"
    var target: String
    var fields: [(String, String)] = []
    var body = ""
    var status: Int

    var testDescription: String { "\(method) \(target)" }
  }

  /// Requests that leave everything as it is, so that each can be made twice.
  static let cases = [
    Case(target: "/healthz", status: 200), Case(target: "/readyz?probe=1", status: 200),
    Case(target: "/openapi.json", status: 200), Case(method: "HEAD", target: "/openapi.json", status: 200),
    Case(method: "OPTIONS", target: "/v1/studies", status: 204), Case(target: "/v1/studies", status: 200),
    Case(target: "/v1/studies?limit=1&label=a%3A1&label=b", status: 200),
    Case(target: "/v1/studies?limit=0", status: 400), Case(target: "/v1/studies?nonsense=1", status: 400),
    Case(target: "/v1/studies/here", status: 200), Case(target: "/v1/studies/%68ere", status: 200),
    Case(target: "/v1/studies/gone", status: 404), Case(target: "/v1/studies/here/trials", status: 200),
    Case(target: "/v1/studies/here/trials/1", status: 404), Case(target: "/v1/studies/here/best", status: 200),
    Case(target: "/v1/studies/here/restarts", status: 404), Case(target: "/v1/comparisons", status: 200),
    Case(target: "/v1/nothing", status: 404), Case(method: "PUT", target: "/v1/studies/here", status: 405),
    Case(target: "/v1/models", fields: [("Accept", "text/html")], status: 406),
    Case(target: "/v1/models", fields: [("If-None-Match", "*")], status: 304),
    Case(
      method: "POST", target: "/v1/studies/here/pause", fields: [("If-Match", "\"other\"")], status: 412),
    Case(method: "POST", target: "/v1/studies", body: "{", status: 400),
    Case(method: "POST", target: "/v1/studies", body: "{\"nmae\": 1}", status: 422),
    Case(
      method: "POST", target: "/v1/studies", fields: [("Content-Type", "text/csv")], body: "a,b", status: 415),
    Case(
      method: "POST", target: "/v1/studies", fields: [("Origin", "http://elsewhere.example")], body: "{}",
      status: 403),
    Case(method: "POST", target: "/v1/studies", fields: [("Idempotency-Key", "")], body: "{}", status: 400),
    Case(method: "PATCH", target: "/v1/studies/here", body: "{\"seed\": 1}", status: 422),
  ]

  @Test func theSameAnswersAtBothDepths() async throws {
    let bench = StudyBench(clock: ManualClock())
    let api = TuningAPI(
      TuningAPIConfiguration(
        service: bench.supervisor, context: StudyBench.context, answers: MemoryAnswerStore(), publicFolder: nil,
        searchedFolders: [], token: nil, version: "test", clock: ManualClock()))
    _ = try await bench.supervisor.create(StudyBench.definition("here"))
    _ = try await bench.supervisor.pause("here", revision: nil)
    var inner: [HTTPResponse] = []
    for one in Self.cases { inner.append(await Self.answer(one, by: api.handler)) }
    let expected = inner
    let server = HTTPServer(configuration: patientConfiguration, bodyPolicy: api.bodyPolicy, handler: api.handler)
    let port = try server.start().port
    let outer = try await onThread {
      try Self.cases.map { one in
        let client = try Client(port: port)
        try client.send(Self.text(one))
        return try client.response(toHead: one.method == "HEAD")
      }
    }
    await server.shutdown(deadline: 5)
    for ((one, inner), outer) in zip(zip(Self.cases, expected), outer) {
      let outer = try #require(outer, "\(one.testDescription)")
      #expect(inner.status == one.status && outer.status == one.status, "\(one.testDescription): \(outer.head)")
      if one.method != "HEAD" { #expect(outer.body == inner.body, "\(one.testDescription)") }
      for field in inner.headers.fields {
        #expect(outer.has("\(field.name): \(field.value)"), "\(one.testDescription): \(field)\n\(outer.head)")
      }
    }
  }

  private static func text(_ one: Case) -> String {
    let fields = one.fields.map { "\($0.0): \($0.1)\r\n" }.joined()
    let length = one.body.isEmpty ? "" : "Content-Length: \(one.body.utf8.count)\r\n"
    return "\(one.method) \(one.target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\(length)\r\n\(one.body)"
  }

  /// Asks the handler as the server does: the head is parsed, and the body is whole.
  private static func answer(_ one: Case, by handler: HTTPHandler) async -> HTTPResponse {
    guard case .complete(let head, _) = RequestParser.parse(Array(text(one).utf8)) else {
      return HTTPResponse(status: 0)
    }
    return await handler(
      HTTPRequest(
        method: head.method, target: head.target, path: head.path, query: head.query, headers: head.headers,
        body: Array(one.body.utf8)))
  }
}
