import Foundation
import HTTPMessages
import Synchronization
import Testing

@testable import HTTPServer

/// What slow clients may hold in memory.
@Suite struct MemoryTests {
  @Test func unreadAnswersAreBounded() async throws {
    try await withServer({ $0.memory = 8 << 20 }) { port, server in
      var clients: [Client] = []
      for index in 1...40 {
        let client = try Client(port: port, receiveBuffer: 4096)
        try client.send(request("GET", "/large/2048"))
        clients.append(client)
        #expect(eventually { server.statistics.responses == index })
        #expect(server.statistics.heldBytes <= 8 << 20)
      }
      #expect(server.statistics.responsesByClass[5] >= 30)
      let other = try Client(port: port)
      try other.send(request("GET", "/a") + request("POST", "/b", body: "c"))
      #expect(try other.response()?.status == 200)
      #expect(try other.response()?.status == 200)
      try other.send(request("GET", "/large/2048"))
      let refused = try #require(try other.response())
      #expect(refused.status == 503 && refused.has("Retry-After: 2"))
      #expect(refused.has("Content-Type: application/problem+json"))
      clients.removeAll()
      #expect(eventually { server.statistics.heldBytes == 0 })
      try other.send(request("GET", "/large/2048"))
      #expect(try other.response()?.status == 200)
    }
  }

  @Test func clientsThatTakeNothingLoseTheirPlaceWhileMemoryIsShort() async throws {
    try await withServer({ ($0.memory, $0.patience) = (8 << 20, 1) }) { port, server in
      var clients: [Client] = []
      for index in 1...10 {
        let client = try Client(port: port, receiveBuffer: 4096)
        try client.send(request("GET", "/large/2048"))
        clients.append(client)
        #expect(eventually { server.statistics.responses == index })
      }
      #expect(eventually { server.statistics.heldBytes <= 4 << 20 })
      #expect(eventually { server.statistics.openConnections < 10 })
    }
  }

  @Test func aChangeIsRefusedBeforeItIsMade() async throws {
    let made = Atomic<Int>(0)
    try await withServer(
      { $0.memory = 4 << 20 },
      handler: {
        if $0.path == "/change" { made.add(1, ordering: .sequentiallyConsistent) }
        return await echo($0)
      }
    ) { port, server in
      var clients: [Client] = []
      while server.statistics.heldBytes <= 4 << 20, clients.count < 20 {
        let client = try Client(port: port, receiveBuffer: 4096)
        try client.send(request("POST", "/large/2048"))
        clients.append(client)
        #expect(eventually { server.statistics.responses == clients.count })
      }
      let other = try Client(port: port)
      try other.send(request("POST", "/change", body: "x"))
      #expect(try other.response()?.status == 503)
      #expect(made.load(ordering: .sequentiallyConsistent) == 0)
    }
  }

  @Test func bodiesThatComeInAreBounded() async throws {
    try await withServer({ $0.memory = 2 << 20 }) { port, server in
      let clients = try (0..<12).map { _ in try Client(port: port) }
      for client in clients {
        let head = "POST /b HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n"
        try? client.send(Array(head.utf8) + pattern(900_000))
      }
      #expect(eventually { server.statistics.responsesByClass[5] >= 5 })
      #expect(eventually { server.statistics.heldBytes <= 2 << 20 })
      for client in clients { try? client.send(pattern(100_000)) }
      // Those that were not refused are answered; a refused one may have been cut while it was sending.
      let statuses = clients.compactMap { try? $0.response()?.status }
      #expect(statuses.contains(200) && Set(statuses).isSubset(of: [200, 503]))
      #expect(eventually { server.statistics.heldBytes == 0 })
    }
  }

  @Test func streamsThatAreBehindAreClosed() async throws {
    let begun = Atomic<Int>(0)
    let flood: HTTPHandler = { _ in
      HTTPResponse(
        status: 200,
        stream: HTTPBodyStream { writer in
          begun.add(1, ordering: .sequentiallyConsistent)
          while await writer.write(pattern(32 << 10)) {}
        })
    }
    try await withServer({ ($0.memory, $0.patience) = (2 << 20, 1) }, handler: flood) { port, server in
      var clients: [Client] = []
      for index in 1...30 {
        let client = try Client(port: port, receiveBuffer: 4096)
        try client.send(request("GET", "/"))
        clients.append(client)
        #expect(eventually { server.statistics.responses == index })
      }
      // How many begin before memory is short depends on how far the first ones came by then.
      #expect(begun.load(ordering: .sequentiallyConsistent) > 0)
      #expect(eventually { server.statistics.openConnections < 30 && server.statistics.heldBytes <= 2 << 20 })
      clients.removeAll()
      #expect(eventually { server.statistics.heldBytes == 0 })
    }
  }

  @Test func aBodyThatIsTooSlowIsLate() async throws {
    try await withServer({ ($0.minimumRate, $0.rateWindow) = (1 << 20, 0.3) }) { port, _ in
      for framing in ["Content-Length: 100000", "Transfer-Encoding: chunked"] {
        let client = try Client(port: port)
        try client.send("POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
        if framing.hasPrefix("T") { try client.send("10000\r\n") }
        var sent = 0
        // Ends because the server answers, or after two minutes as a failure.
        while sent < 12_000, (try? client.send("x")) != nil {
          var poll = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
          if Glibc.poll(&poll, 1, 10) > 0 { break }
          sent += 1
        }
        #expect(try client.response()?.status == 408)
        #expect(try client.isAtEnd())
      }
    }
  }

  @Test func theRateIsTakenOverEachWindow() {
    var pace = Pace(at: 100, bytes: 5, window: 10)
    #expect(pace.end == 110)
    let isFirstPassed = pace.goesOn(at: 111, bytes: 9, least: 4, window: 10)
    #expect(isFirstPassed && pace.end == 121)
    // What came before counts no more.
    let isSecondPassed = pace.goesOn(at: 121, bytes: 12, least: 4, window: 10)
    #expect(!isSecondPassed)
  }

  @Test func aReaderThatIsTooSlowIsClosed() async throws {
    try await withServer({ ($0.minimumRate, $0.writeTimeout) = (1 << 30, 0.3) }) { port, server in
      let client = try Client(port: port, receiveBuffer: 4096)
      try client.send(request("GET", "/large/65536"))
      var rounds = 0
      var byte: [UInt8] = [0]
      while rounds < 12_000, server.statistics.openConnections > 0 || rounds == 0 {
        _ = recv(client.descriptor, &byte, 1, 0)
        usleep(10_000)
        rounds += 1
      }
      #expect(server.statistics.openConnections == 0)
    }
  }
}
