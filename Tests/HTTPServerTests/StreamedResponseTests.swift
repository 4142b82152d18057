import Foundation
import HTTPMessages
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct StreamedResponseTests {
  /// What the streams of a test did.
  final class Ledger: Sendable {
    let written = Atomic<Int>(0)
    let begun = Atomic<Int>(0)
    let ended = Atomic<Int>(0)
    let refused = Atomic<Int>(0)
    let cancelled = Atomic<Int>(0)

    func has(begun: Int? = nil, ended: Int? = nil) -> Bool {
      (begun == nil || self.begun.load(ordering: .sequentiallyConsistent) == begun)
        && (ended == nil || self.ended.load(ordering: .sequentiallyConsistent) == ended)
    }
  }

  /// `/count/N` streams N numbered lines, `/bytes/N` N KiB in pieces of 64 KiB, `/open` a line and then nothing until
  /// it is cancelled, `/flood` without end, `/fail` a line and an error; the rest is an echo.
  private func handler(_ ledger: Ledger = Ledger()) -> HTTPHandler {
    { request in
      let parts = request.path.split(separator: "/")
      let number = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      guard ["count", "bytes", "open", "flood", "fail"].contains(parts.first) else { return await echo(request) }
      return HTTPResponse(
        status: 200,
        stream: HTTPBodyStream { writer in
          ledger.begun.add(1, ordering: .sequentiallyConsistent)
          defer { ledger.ended.add(1, ordering: .sequentiallyConsistent) }
          func write(_ bytes: [UInt8]) async -> Bool {
            let goesOn = await writer.write(bytes)
            if goesOn {
              ledger.written.add(bytes.count, ordering: .sequentiallyConsistent)
            } else {
              ledger.refused.add(1, ordering: .sequentiallyConsistent)
            }
            return goesOn
          }
          switch parts[0] {
          case "count": for index in 0..<number { _ = await write(Array("line \(index)\n".utf8)) }
          case "bytes":
            let all = pattern(number << 10)
            for start in stride(from: 0, to: all.count, by: 64 << 10) {
              _ = await write(Array(all[start..<min(start + 64 << 10, all.count)]))
            }
          case "flood": while await write(pattern(32 << 10)) {}
          case "fail":
            _ = await write(Array("half".utf8))
            throw Client.Failure(reason: "the source broke")
          default:
            _ = await write(Array("open\n".utf8))
            try? await Task.sleep(for: .seconds(600))
            if Task.isCancelled { ledger.cancelled.add(1, ordering: .sequentiallyConsistent) }
            _ = await write(Array("late".utf8))
          }
        })
    }
  }

  @Test func streamIsSentInChunksAndTheConnectionGoesOn() async throws {
    try await withServer(handler: handler()) { port, _ in
      let client = try Client(port: port)
      try client.send(request("GET", "/count/1000") + request("GET", "/count/0") + request("GET", "/after"))
      let head = try #require(try client.head())
      #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.hasSuffix("\r\nTransfer-Encoding: chunked"))
      #expect(!head.contains("Content-Length") && !head.contains("Connection"))
      #expect(String(decoding: try client.chunks(), as: UTF8.self) == (0..<1000).map { "line \($0)\n" }.joined())
      #expect(try client.head() != nil)
      #expect(try client.chunks() == [])
      #expect(try client.response()?.text == "GET /after ")
    }
  }

  @Test func largeStreamArrivesWhole() async throws {
    try await withServer(handler: handler()) { port, _ in
      let client = try Client(port: port, receiveBuffer: 4096)
      try client.send(request("GET", "/bytes/3000"))
      _ = try client.head()
      #expect(try client.chunks() == pattern(3000 << 10))
    }
  }

  @Test func oldVersionGetsTheBytesAndTheEndOfTheConnection() async throws {
    try await withServer(handler: handler()) { port, _ in
      let client = try Client(port: port)
      try client.send("GET /count/3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      let head = try #require(try client.head())
      #expect(head.hasSuffix("\r\nConnection: close") && !head.contains("Transfer-Encoding"))
      #expect(String(decoding: try client.rest(), as: UTF8.self) == "line 0\nline 1\nline 2\n")
    }
  }

  @Test func headStartsNoStream() async throws {
    let ledger = Ledger()
    try await withServer(handler: handler(ledger)) { port, _ in
      let client = try Client(port: port)
      try client.send(request("HEAD", "/open") + request("GET", "/after"))
      #expect(try client.response(toHead: true)?.status == 200)
      #expect(try client.response()?.text == "GET /after ")
    }
    #expect(ledger.has(begun: 0))
  }

  @Test func slowReaderMakesItsOwnStreamWaitAlone() async throws {
    let ledger = Ledger()
    try await withServer(handler: handler(ledger)) { port, _ in
      let slow = try Client(port: port, receiveBuffer: 4096)
      try slow.send(request("GET", "/flood"))
      _ = try slow.head()
      // The count of written bytes no longer changes once the buffers of the kernel and of the stream are full.
      var (before, still) = (-1, 0)
      let stopped = eventually {
        let now = ledger.written.load(ordering: .sequentiallyConsistent)
        still = now == before ? still + 1 : 0
        before = now
        return now > 0 && still == 100
      }
      #expect(stopped)
      // The kernel takes some MiB for a socket of loopback; without waiting there would be no bound.
      #expect(before < 32 << 20)
      let other = try Client(port: port)
      try other.send(request("GET", "/bytes/1000"))
      _ = try other.head()
      #expect(try other.chunks().count == 1000 << 10)
      // The slow one goes on when it reads.
      var taken = 0
      while taken < before + 1 << 20 { taken += try slow.chunk()?.count ?? 0 }
      slow.reset()
      #expect(eventually { ledger.has(ended: 2) })
    }
  }

  @Test func clientThatGoesEndsItsStream() async throws {
    let ledger = Ledger()
    try await withServer(handler: handler(ledger)) { port, server in
      for path in ["/flood", "/open", "/flood", "/open"] {
        let client = try Client(port: port)
        try client.send(request("GET", path))
        _ = try client.head()
        _ = try client.chunk()
        if path == "/flood" { client.close() } else { client.reset() }
      }
      #expect(eventually { ledger.has(ended: 4) && server.statistics.openConnections == 0 })
      #expect(ledger.refused.load(ordering: .sequentiallyConsistent) == 4)
      #expect(ledger.cancelled.load(ordering: .sequentiallyConsistent) == 2)
    }
  }

  /// A handler that reads nothing and writes nothing learns of a reset all the same; a client that only ends its own
  /// sending may still read.
  @Test func resetCancelsAHandlerAtOnceAndAHalfCloseDoesNot() async throws {
    let ledger = Ledger()
    try await withServer({ _ in }) { _ in
      ledger.begun.add(1, ordering: .sequentiallyConsistent)
      // Ends before the ten minutes are over by being cancelled, or once all others have gone.
      for _ in 0..<120_000 where !Task.isCancelled && ledger.cancelled.load(ordering: .sequentiallyConsistent) < 3 {
        try? await Task.sleep(for: .milliseconds(5))
      }
      let wasCancelled = Task.isCancelled
      if wasCancelled { ledger.cancelled.add(1, ordering: .sequentiallyConsistent) }
      return HTTPResponse(
        status: 200,
        stream: HTTPBodyStream { writer in
          for _ in 0..<3 { _ = await writer.write(Array("still here\n".utf8)) }
        })
    } client: { port, server in
      let half = try Client(port: port)
      try half.send(request("GET", "/half"))
      half.endSending()
      let others = try (0..<3).map { _ in try Client(port: port) }
      for (index, other) in others.enumerated() {
        // A request behind it fills no buffer, and one that is large does.
        try other.send(request("GET", "/gone") + (index == 0 ? "" : request("GET", "/behind")))
        if index == 2 { try? other.send(request("POST", "/behind", body: String(repeating: "x", count: 100_000))) }
      }
      #expect(eventually { ledger.has(begun: 4) })
      for other in others { other.reset() }
      #expect(eventually { ledger.cancelled.load(ordering: .sequentiallyConsistent) == 3 })
      _ = try half.head()
      #expect(String(decoding: try half.chunks(), as: UTF8.self) == "still here\nstill here\nstill here\n")
    }
  }

  /// A stream that gives up is not kept by a client that does not read.
  @Test func cancelledWriteReturnsWithoutARoom() async throws {
    let ledger = Ledger()
    try await withServer({ _ in }) { _ in
      HTTPResponse(
        status: 200,
        stream: HTTPBodyStream { writer in
          let task = Task { while await writer.write(pattern(32 << 10)) {} }
          while ledger.begun.load(ordering: .sequentiallyConsistent) == 0 {
            try await Task.sleep(for: .milliseconds(5))
          }
          task.cancel()
          await task.value
          ledger.ended.add(1, ordering: .sequentiallyConsistent)
          throw CancellationError()
        })
    } client: { port, server in
      let client = try Client(port: port, receiveBuffer: 4096)
      try client.send(request("GET", "/"))
      _ = try client.head()
      ledger.begun.add(1, ordering: .sequentiallyConsistent)
      #expect(eventually { ledger.has(ended: 1) })
    }
  }

  @Test func idleDeadlineDoesNotCutAnOpenStream() async throws {
    try await withServer({ ($0.idleTimeout, $0.headerTimeout, $0.bodyTimeout) = (0.05, 0.05, 0.05) }) { request in
      HTTPResponse(
        status: 200,
        stream: HTTPBodyStream { writer in
          for index in 0..<3 {
            try await Task.sleep(for: .milliseconds(200))
            await writer.write(Array("\(index)".utf8))
          }
        })
    } client: { port, _ in
      let client = try clientWithAnAnswer(port, request("GET", "/")) { try $0.head() != nil }
      #expect(String(decoding: try client.chunks(), as: UTF8.self) == "012")
    }
  }

  @Test func brokenStreamIsCutBeforeItsEnd() async throws {
    try await withServer(handler: handler()) { port, _ in
      let client = try Client(port: port)
      try client.send(request("GET", "/fail") + request("GET", "/after"))
      _ = try client.head()
      #expect(try client.chunk() == Array("half".utf8))
      #expect(throws: Client.Failure.self) { try client.chunk() }
    }
  }

  @Test func readerThatTakesNothingIsClosed() async throws {
    let ledger = Ledger()
    try await withServer({ $0.writeTimeout = 0.3 }, handler: handler(ledger)) { port, server in
      let client = try Client(port: port, receiveBuffer: 4096)
      try client.send(request("GET", "/flood"))
      #expect(eventually { ledger.has(begun: 1, ended: 1) && server.statistics.openConnections == 0 })
    }
  }

  @Test func shutdownEndsAHundredStreams() async throws {
    let ledger = Ledger()
    let server = HTTPServer(configuration: patientConfiguration, handler: handler(ledger))
    let port = try server.start().port
    // Every tenth reads nothing, and has buffers that are full.
    let clients = Task {
      try await onThread {
        let clients = try (0..<100).map { _ in try Client(port: port, receiveBuffer: 4096) }
        for (index, client) in clients.enumerated() {
          try client.send(request("GET", index % 10 == 0 ? "/flood" : "/open"))
        }
        var cut = 0
        for (index, client) in clients.enumerated() where index % 10 != 0 {
          _ = try client.head()
          guard try client.chunk() == Array("open\n".utf8) else { continue }
          do { _ = try client.chunk() } catch { cut += 1 }
        }
        return cut
      }
    }
    while !ledger.has(begun: 100) { try await Task.sleep(for: .milliseconds(5)) }
    // The deadline is beyond the patience of the test: streams end because the server stops, not because time is up.
    await server.shutdown(deadline: 600)
    #expect(server.statistics.openConnections == 0)
    #expect(try await clients.value == 90)
    while !ledger.has(ended: 100) { try await Task.sleep(for: .milliseconds(5)) }
    #expect(ledger.refused.load(ordering: .sequentiallyConsistent) == 100)
    #expect(ledger.cancelled.load(ordering: .sequentiallyConsistent) == 90)
  }
}
