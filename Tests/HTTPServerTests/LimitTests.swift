import Foundation
import HTTPMessages
import Testing

@testable import HTTPServer

@Suite struct LimitTests {
  @Test func limitsHaveTheirStatusAndAProblemDocument() async throws {
    try await withServer { port, _ in
      let post = "POST / HTTP/1.1\r\nHost: a\r\n"
      let large = String(repeating: "a", count: 3 << 20)
      for (text, status) in [
        (request("GET", "/", "X: \(large.prefix(20_000))\r\n"), 431),
        (request("GET", "/", String(repeating: "X: a\r\n", count: 100)), 431),
        (request("GET", "/" + large.prefix(9000)), 414), (request("POST", "/", body: large), 413),
        (post + "Transfer-Encoding: chunked\r\n\r\n300000\r\n" + large, 413),
        (post + "Transfer-Encoding: gzip\r\n\r\n", 501), ("GET / HTTP/3.0\r\n\r\n", 505),
        (post + "Content-Length: 2\r\nExpect: x\r\n\r\n{}", 417), ("GET / HTTP/1.1\r\n\r\n", 400),
      ] {
        let client = try Client(port: port)
        // The whole request goes out first: the answer must not be lost to a reset.
        try client.send(text)
        let response = try #require(try client.response())
        #expect(response.status == status, "\(text.prefix(60))")
        #expect(response.has("Content-Type: application/problem+json") && response.has("Connection: close"))
        #expect(response.text.contains("\"status\":\(status),"))
        #expect(try client.isAtEnd())
      }
    }
  }

  @Test func headAndBodyMustComeInTime() async throws {
    try await withServer({ ($0.headerTimeout, $0.bodyTimeout) = (0.2, 0.2) }) { port, _ in
      for text in ["G", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{"] {
        let client = try Client(port: port)
        try client.send(text)
        #expect(try client.response()?.status == 408)
        #expect(try client.isAtEnd())
      }
    }
  }

  @Test func headDeadlineIsNotPutOffByMoreBytes() async throws {
    try await withServer({ $0.headerTimeout = 0.3 }) { port, _ in
      let client = try Client(port: port)
      try client.send("GET / HTTP/1.1\r\n")
      var sent = 0
      // Ends because the server stops reading and resets, or after two minutes as a failure.
      while sent < 12_000, (try? client.send("X: a\r\n")) != nil {
        var poll = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
        if Glibc.poll(&poll, 1, 10) > 0 { break }
        sent += 1
      }
      #expect(try client.response()?.status == 408)
    }
  }

  @Test func idleConnectionsAreClosed() async throws {
    try await withServer({ $0.idleTimeout = 0.2 }) { port, server in
      let fresh = try Client(port: port)
      let used = try clientWithAnAnswer(port, request("GET", "/a")) { try $0.response()?.status == 200 }
      #expect(try used.isAtEnd())
      #expect(try fresh.isAtEnd())
      #expect(eventually { server.statistics.openConnections == 0 })
    }
  }

  @Test func readerThatStallsIsClosed() async throws {
    try await withServer({ $0.writeTimeout = 0.3 }) { port, server in
      let client = try Client(port: port, receiveBuffer: 4096)
      try client.send(request("GET", "/large/8192"))
      #expect(eventually { server.statistics.responses == 1 })
      #expect(eventually { server.statistics.openConnections == 0 })
    }
  }

  @Test func connectionsOverTheLimitGetRetryAfter() async throws {
    try await withServer({ $0.maxConnections = 5 }) { port, server in
      var clients = try (0..<5).map { _ in try Client(port: port) }
      for client in clients {
        try client.send(request("GET", "/a"))
        #expect(try client.response()?.status == 200)
      }
      let refused = try Client(port: port)
      let response = try #require(try refused.response())
      #expect(response.status == 503 && response.has("Retry-After: 1") && response.has("Connection: close"))
      #expect(try refused.isAtEnd())
      refused.close()
      #expect(server.statistics.rejectedConnections == 1)
      clients.removeAll()
      #expect(eventually { server.statistics.openConnections == 0 })
      let next = try Client(port: port)
      try next.send(request("GET", "/b"))
      #expect(try next.response()?.status == 200)
    }
  }
}
