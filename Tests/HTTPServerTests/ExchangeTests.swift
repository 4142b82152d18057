import Foundation
import HTTPMessages
import Testing

@testable import HTTPServer

@Suite struct ExchangeTests {
  @Test func connectionServesManyRequests() async throws {
    try await withServer { port, server in
      let client = try Client(port: port)
      for number in 0..<50 {
        try client.send(request("POST", "/a", body: "body \(number)"))
        let response = try #require(try client.response())
        #expect(response.text == "POST /a body \(number)")
        #expect(!response.has("Connection: close"))
        #expect(
          response.head.contains("\r\nDate: ")
            && response.head.hasSuffix("GMT\r\nContent-Length: \(response.body.count)"))
      }
      try client.send(request("GET", "/", "Connection: close\r\n"))
      #expect(try #require(try client.response()).has("Connection: close"))
      #expect(try client.isAtEnd())
      client.close()
      #expect(eventually { server.statistics.openConnections == 0 })
      let statistics = server.statistics
      #expect(statistics.responsesByClass == [0, 0, 51, 0, 0, 0])
      #expect(statistics.bytesIn > 51 * 30 && statistics.bytesOut > 51 * 60)
    }
  }

  @Test func requestsTellWhereTheyComeFrom() async throws {
    let handler: HTTPHandler = { HTTPResponse(status: 200, body: Array($0.peer.utf8)) }
    try await withServer(handler: handler) { port, _ in
      let client = try Client(port: port)
      for _ in 0..<2 {
        try client.send(request("GET", "/"))
        #expect(try client.response()?.text == "127.0.0.1")
      }
    }
  }

  @Test func pipelinedAnswersKeepTheirOrder() async throws {
    try await withServer { port, _ in
      let client = try Client(port: port)
      let paths = ["/slow"] + (0..<200).map { "/\($0)" }
      try client.send(paths.map { request("GET", $0) }.joined())
      for path in paths { #expect(try client.response()?.text == "GET \(path) ") }
    }
  }

  @Test func clientThatEndsSendingStillGetsItsAnswers() async throws {
    try await withServer { port, _ in
      let client = try Client(port: port)
      try client.send(request("GET", "/slow/1") + request("GET", "/2"))
      client.endSending()
      #expect(try client.response()?.text == "GET /slow/1 ")
      let last = try #require(try client.response())
      #expect(last.text == "GET /2 " && last.has("Connection: close"))
      #expect(try client.isAtEnd())
    }
  }

  @Test func continueComesBeforeTheBody() async throws {
    try await withServer { port, _ in
      let client = try Client(port: port)
      try client.send("POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      #expect(try client.response()?.status == 100)
      try client.send("{}")
      #expect(try client.response()?.text == "POST /e {}")
      try client.send("POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n")
      #expect(try client.response()?.status == 413)
      #expect(try client.isAtEnd())
    }
  }

  @Test func headHasALengthAndNoBody() async throws {
    try await withServer { port, _ in
      let client = try Client(port: port)
      try client.send(request("HEAD", "/h") + request("GET", "/g"))
      #expect(try client.response(toHead: true)?.has("Content-Length: 8") == true)
      #expect(try client.response()?.text == "GET /g ")
    }
  }

  @Test func oldVersionIsClosedUnlessItAsks() async throws {
    try await withServer { port, _ in
      let client = try Client(port: port)
      try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      #expect(try client.response()?.has("Connection: keep-alive") == true)
      try client.send("GET / HTTP/1.0\r\n\r\n")
      #expect(try client.response()?.has("Connection: close") == true)
      #expect(try client.isAtEnd())
    }
  }

  @Test func chunkedBodyInManyPieces() async throws {
    try await withServer { port, _ in
      let client = try Client(port: port)
      let text =
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n3\r\ncde\r\n0\r\nT: x\r\n\r\n"
      for byte in text.utf8 { try client.send([byte]) }
      #expect(try client.response()?.text == "POST /c abcde")
    }
  }

  @Test func slowReaderGetsEveryByte() async throws {
    try await withServer { port, _ in
      let slow = try Client(port: port, receiveBuffer: 4096)
      try slow.send(request("GET", "/large/8192") + request("GET", "/after"))
      // The server goes on with others while this one's answer waits for room.
      let other = try Client(port: port)
      for _ in 0..<20 {
        try other.send(request("GET", "/x"))
        #expect(try other.response()?.text == "GET /x ")
      }
      let response = try #require(try slow.response())
      #expect(response.body == pattern(8 << 20))
      #expect(try slow.response()?.text == "GET /after ")
    }
  }

  @Test func manyConnectionsAtOnce() async throws {
    try await withServer { port, server in
      let clients = try (0..<200).map { _ in try Client(port: port) }
      for round in 0..<3 {
        for (index, client) in clients.enumerated() { try client.send(request("GET", "/\(round)/\(index)")) }
        for (index, client) in clients.enumerated() {
          #expect(try client.response()?.text == "GET /\(round)/\(index) ")
        }
      }
      #expect(server.statistics.openConnections == 200)
      for client in clients { client.close() }
      #expect(eventually { server.statistics.openConnections == 0 })
    }
  }

  @Test func concurrentClientsOnThreads() async throws {
    let server = HTTPServer(configuration: ServerConfiguration(port: 0), handler: echo)
    let port = try server.start().port
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<8 {
        group.addTask {
          try await onThread {
            for _ in 0..<5 {
              let client = try Client(port: port)
              for number in 0..<20 {
                try client.send(request("POST", "/\(thread)", body: "\(number)"))
                #expect(try client.response()?.text == "POST /\(thread) \(number)")
                _ = server.statistics
              }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    await server.shutdown(deadline: 5)
    #expect(server.statistics.responses == 800)
  }

  @Test func clientsThatGoAwayDoNoHarm() async throws {
    try await withServer { port, server in
      for number in 0..<100 {
        let client = try Client(port: port)
        try client.send(request("GET", number % 2 == 0 ? "/slow" : "/large/1024"))
        client.reset()
      }
      let client = try Client(port: port)
      try client.send(request("GET", "/still"))
      #expect(try client.response()?.text == "GET /still ")
      client.close()
      #expect(eventually { server.statistics.openConnections == 0 })
    }
  }
}
