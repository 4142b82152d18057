import Foundation
import Testing

@testable import APIClient

/// Requests to a server that says what a test wants it to say.
@Suite struct ConnectionTests {
  private func connection(_ server: AnsweringServer, isWanted: @escaping () -> Bool = { true }) throws -> APIConnection
  {
    APIConnection(
      to: try APIAddress("http://127.0.0.1:\(server.port)/base"), token: "secret", agent: "a/1", isWanted: isWanted)
  }

  @Test func oneConnectionServesManyRequests() throws {
    let server = try AnsweringServer { request in
      Array("HTTP/1.1 200 OK\r\nContent-Length: \(request.count)\r\nX-One: 1\r\nx-one:  2 \r\n\r\n".utf8) + request
    }
    defer { server.stop() }
    let connection = try connection(server)
    for (method, body) in [
      ("GET", nil), ("POST", Array("{}".utf8)), ("POST", []), ("GET", nil), ("POST", Array("x".utf8)),
    ] {
      let answer = try connection.send(APIRequest(method, "/v1/x?y=1", body: body, contentType: "text/plain"))
      #expect(answer.status == 200)
      #expect(answer.fields["x-one"] == "2")
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(text.hasPrefix("\(method) /base/v1/x?y=1 HTTP/1.1\r\n"), "\(text)")
      #expect(text.contains("Authorization: Bearer secret\r\n"))
      #expect(text.contains("User-Agent: a/1\r\n"))
      #expect(!text.contains("Expect"))
      #expect(text.contains("Content-Type: text/plain\r\n") == (body != nil))
      #expect(text.contains("Content-Length: \(body?.count ?? 0)\r\n") == (method == "POST"))
      #expect(text.hasSuffix("\r\n\r\n" + String(decoding: body ?? [], as: UTF8.self)))
    }
    #expect(server.connections == 1)
  }

  @Test func statusesAndRedirectsAreAnswers() throws {
    for status in [204, 302, 404, 503] {
      let server = try AnsweringServer { _ in
        Array(
          "HTTP/1.1 \(status) X\r\nLocation: http://127.0.0.1:1/\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n".utf8)
      }
      defer { server.stop() }
      let answer = try connection(server).send(APIRequest("GET", "/"))
      #expect(answer.status == status)
      #expect(answer.fields["retry-after"] == "7")
    }
  }

  @Test func whatDoesNotAnswerIsUnreachable() throws {
    let closed = try AnsweringServer { _ in [] }
    closed.stop()
    #expect(throws: APIFailure.self) { try self.connection(closed).send(APIRequest("GET", "/")) }
    let half = try AnsweringServer { _ in Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8) }
    half.closesAfterAnswer.withLock { $0 = true }
    defer { half.stop() }
    #expect(throws: APIFailure.self) { try self.connection(half).send(APIRequest("GET", "/")) }
    let silent = try AnsweringServer { _ in [] }
    defer { silent.stop() }
    #expect(throws: APIFailure.self) { try self.connection(silent).send(APIRequest("GET", "/", seconds: 0.2)) }
    #expect(throws: APIFailure.cancelled) {
      try self.connection(silent, isWanted: { false }).send(APIRequest("GET", "/", seconds: 600))
    }
  }
}
