import Foundation
import HTTPMessages
import Logging
import Testing

@testable import HTTPServer

/// Answers that are known on the thread that serves the connection, among those that take their time.
@Suite struct KnownAnswerTests {
  /// `/later…` takes its time; all else is known at once.
  private static let answerer: HTTPAnswerer = { request in
    let body = Array("\(request.method) \(request.path) ".utf8) + request.body
    let response = HTTPResponse(status: 200, body: body)
    guard request.path.hasPrefix("/later") else { return .now(response) }
    return .later {
      if request.path.hasSuffix("7") { try? await Task.sleep(for: .milliseconds(5)) }
      return response
    }
  }

  private func withServer(
    bodyPolicy: @escaping BodyPolicyChooser = { _ in .collect() }, answerer: @escaping HTTPAnswerer = Self.answerer,
    client: @escaping @Sendable (_ port: Int, _ server: HTTPServer) throws -> Void
  ) async throws {
    let server = HTTPServer(
      configuration: patientConfiguration, logger: Logger(label: "test"), bodyPolicy: bodyPolicy, answerer: answerer)
    let port = try server.start().port
    do { try await onThread { try client(port, server) } } catch { Issue.record(error) }
    await server.shutdown(deadline: 5)
  }

  @Test func thousandsOfPipelinedRequestsAreAnsweredInOrder() async throws {
    try await withServer { port, _ in
      let client = try Client(port: port)
      for batch in 0..<5 {
        let paths = (0..<1000).map { $0 % 97 == 0 ? "/later/\($0)" : "/\(batch)/\($0)" }
        try client.send(paths.map { request("GET", $0) }.joined())
        for path in paths { #expect(try client.response()?.text == "GET \(path) ") }
      }
    }
  }

  @Test func aBodyAndWhatFollowsItAreTakenApart() async throws {
    try await withServer { port, _ in
      let client = try Client(port: port)
      try client.send(
        request("POST", "/a", body: "one") + request("GET", "/b") + request("POST", "/later", body: "two"))
      for text in ["POST /a one", "GET /b ", "POST /later two"] { #expect(try client.response()?.text == text) }
      try client.send(request("GET", "/c", "Connection: close\r\n") + request("GET", "/d"))
      #expect(try client.response()?.text == "GET /c ")
      #expect(try client.response() == nil)
    }
  }

  @Test func aStreamedBodyThatIsRefusedAtOnceEndsTheConnection() async throws {
    let policy: BodyPolicyChooser = { $0.path == "/stream" ? .stream() : .collect() }
    try await withServer(bodyPolicy: policy, answerer: { _ in .now(HTTPResponse(status: 403)) }) { port, server in
      let client = try Client(port: port)
      // The body is whole when the answer is made: the connection may stay.
      try client.send(request("POST", "/stream", body: "whole"))
      #expect(try client.response()?.status == 403)
      try? client.send("POST /stream HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf")
      #expect(try client.response()?.status == 403)
      #expect(try client.response() == nil)
      client.close()
      #expect(eventually { server.statistics.openConnections == 0 })
    }
  }

  @Test func aLargeAnswerIsWholeAmongPipelinedOnes() async throws {
    let sizes = [10, 20_000, 5, 2_000_000, 16 << 10, (16 << 10) + 1, 0, 3]
    let answerer: HTTPAnswerer = { request in
      .now(HTTPResponse(status: 200, body: pattern(Int(request.path.dropFirst()) ?? 0)))
    }
    try await withServer(answerer: answerer) { port, _ in
      let client = try Client(port: port)
      try client.send(sizes.map { request("GET", "/\($0)") }.joined())
      for size in sizes { #expect(try client.response()?.body == pattern(size), "\(size)") }
    }
  }
}
