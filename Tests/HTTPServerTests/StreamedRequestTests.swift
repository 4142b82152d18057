import Foundation
import HTTPMessages
import Promises
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct StreamedRequestTests {
  /// What the handler of a test saw, and a gate before its first read.
  final class Ledger: Sendable {
    let called = Atomic<Int>(0)
    let failed = Atomic<Int>(0)
    let cancelled = Atomic<Int>(0)
    let isOpen = Atomic<Bool>(true)
    /// The most bytes that the server had taken from the socket and the handler had not read.
    let ahead = Atomic<Int>(0)
    let bytesIn = Atomic<Int>(0)
  }

  /// `/up` answers with the count and the checksum of its body, `/early` with 401 and without reading.
  private func withUploads(
    _ ledger: Ledger = Ledger(), _ change: (inout ServerConfiguration) -> Void = { _ in },
    client: @escaping @Sendable (Int, HTTPServer) throws -> Void
  ) async throws {
    var configuration = patientConfiguration
    change(&configuration)
    let running = Locked<HTTPServer?>(nil)
    let policy: BodyPolicyChooser = { $0.path == "/collected" ? .collect() : .stream(maximum: 64 << 20) }
    let server = HTTPServer(configuration: configuration, bodyPolicy: policy) { request in
      guard let body = request.bodyStream else { return await echo(request) }
      ledger.called.add(1, ordering: .sequentiallyConsistent)
      if request.path == "/early" { return HTTPResponse(status: 401, body: Array("no".utf8)) }
      while !ledger.isOpen.load(ordering: .sequentiallyConsistent) { try? await Task.sleep(for: .milliseconds(5)) }
      var sum = Checksum()
      do {
        while let piece = try await body.next() {
          sum.add(piece)
          let taken = running.value?.statistics.bytesIn ?? 0
          ledger.ahead.max(taken - sum.count, ordering: .sequentiallyConsistent)
        }
      } catch let fault as MessageFault {
        ledger.failed.add(1, ordering: .sequentiallyConsistent)
        return fault.response
      } catch {
        ledger.cancelled.add(Task.isCancelled ? 1 : 0, ordering: .sequentiallyConsistent)
        return HTTPResponse(status: 500)
      }
      return HTTPResponse(status: 200, body: Array(sum.text.utf8))
    }
    running.withLock { $0 = server }
    let port = try server.start().port
    do { try await onThread { try client(port, server) } } catch { Issue.record(error) }
    await server.shutdown(deadline: 5)
  }

  private func head(_ path: String, _ fields: String) -> String {
    "POST \(path) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n\r\n"
  }

  @Test func largeUploadIsReadInConstantMemory() async throws {
    let ledger = Ledger()
    let block = pattern(1 << 20)
    try await withUploads(ledger) { port, _ in
      let client = try Client(port: port)
      try client.send(head("/up", "Content-Length: \(50 << 20)"))
      var expected = Checksum()
      for _ in 0..<50 {
        expected.add(block)
        try client.send(block)
      }
      #expect(try client.response()?.text == expected.text)
      try client.send(request("GET", "/after"))
      #expect(try client.response()?.text == Checksum().text)
    }
    // What is unread, one more read of the socket, the piece in the handler's hands, and the head.
    #expect(ledger.ahead.load(ordering: .sequentiallyConsistent) <= BodyInlet.capacity + 3 * 64 << 10)
  }

  @Test func clientWaitsWhileNobodyReads() async throws {
    let ledger = Ledger()
    ledger.isOpen.store(false, ordering: .sequentiallyConsistent)
    try await withUploads(ledger, { $0.bodyTimeout = 2 }) { port, server in
      let body = pattern(16 << 20)
      let client = try Client(port: port)
      try client.send(head("/up", "Content-Length: \(body.count)"))
      let done = Locked(false)
      // Safe: that thread only sends, and sending changes nothing in the client.
      nonisolated(unsafe) let sender = client
      Thread.detachNewThread {
        try? sender.send(body)
        done.withLock { $0 = true }
      }
      var (before, still) = (-1, 0)
      #expect(
        eventually {
          let now = server.statistics.bytesIn
          still = now == before ? still + 1 : 0
          before = now
          return now > BodyInlet.capacity && still == 600
        })
      #expect(before <= BodyInlet.capacity + 128 << 10 && !done.value)
      // Another connection of the same loops is served meanwhile, and the one that waits is not taken for late.
      let other = try Client(port: port)
      try other.send(request("POST", "/collected", body: "x"))
      #expect(try other.response()?.text == "POST /collected x")
      ledger.isOpen.store(true, ordering: .sequentiallyConsistent)
      var expected = Checksum()
      expected.add(body)
      #expect(try client.response()?.text == expected.text)
      #expect(eventually { done.value })
    }
  }

  @Test func chunkedUploadAndTheRequestBehindIt() async throws {
    try await withUploads { port, _ in
      let client = try Client(port: port)
      var expected = Checksum()
      try client.send(head("/up", "Transfer-Encoding: chunked"))
      for size in [1, 10, 100_000, 1_000_000] {
        let piece = pattern(size)
        expected.add(piece)
        try client.send(Array("\(String(size, radix: 16));x=y\r\n".utf8) + piece + [13, 10])
      }
      try client.send("0\r\nTrailer: x\r\n\r\n" + request("POST", "/collected", body: "next"))
      #expect(try client.response()?.text == expected.text)
      #expect(try client.response()?.text == "POST /collected next")
    }
  }

  @Test func tooLargeIs413() async throws {
    let ledger = Ledger()
    try await withUploads(ledger) { port, _ in
      for (text, calls) in [
        (head("/up", "Content-Length: \(65 << 20)"), 0),
        (head("/up", "Transfer-Encoding: chunked") + "2\r\nab\r\n4000000\r\n", 1),
      ] {
        let client = try Client(port: port)
        try client.send(text)
        let response = try #require(try client.response())
        #expect(response.status == 413 && response.has("Connection: close"))
        #expect(try client.isAtEnd())
        #expect(ledger.called.load(ordering: .sequentiallyConsistent) == calls)
      }
    }
  }

  @Test func continueIsSentByTheFirstRead() async throws {
    let ledger = Ledger()
    ledger.isOpen.store(false, ordering: .sequentiallyConsistent)
    try await withUploads(ledger, { $0.bodyTimeout = 2 }) { port, _ in
      let client = try Client(port: port)
      try client.send(head("/up", "Expect: 100-continue\r\nContent-Length: 2"))
      #expect(eventually { ledger.called.load(ordering: .sequentiallyConsistent) == 1 })
      // Nothing comes while nobody reads, however long that takes.
      var poll = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
      #expect(Glibc.poll(&poll, 1, 3000) == 0)
      ledger.isOpen.store(true, ordering: .sequentiallyConsistent)
      #expect(try client.response()?.status == 100)
      try client.send("ab")
      #expect(try client.response()?.text.hasPrefix("2 ") == true)
      // An answer without a read sends none, and leaves the body unsent.
      try client.send(head("/early", "Expect: 100-continue\r\nContent-Length: 2"))
      let refused = try #require(try client.response())
      #expect(refused.status == 401 && refused.has("Connection: close"))
      #expect(try client.isAtEnd())
    }
  }

  @Test func earlyAnswerToALargeUpload() async throws {
    try await withUploads { port, server in
      let client = try Client(port: port)
      try client.send(head("/early", "Content-Length: \(8 << 20)"))
      // All of it goes out before the answer is read: the answer must not be lost to a reset.
      try client.send(pattern(8 << 20))
      let response = try #require(try client.response())
      #expect(response.status == 401 && response.has("Connection: close") && response.text == "no")
      #expect(try client.isAtEnd())
      client.close()
      #expect(eventually { server.statistics.openConnections == 0 })
    }
  }

  @Test func brokenBodiesAreTheReadersToAnswer() async throws {
    let ledger = Ledger()
    for (text, ends, status) in [
      (head("/up", "Transfer-Encoding: chunked") + "2\r\nabX", false, 400),
      (head("/up", "Content-Length: 9") + "abc", true, 400), (head("/up", "Content-Length: 9") + "abc", false, 408),
    ] {
      // One that is held up before it ends would be late.
      try await withUploads(ledger, { if status == 408 { $0.bodyTimeout = 0.2 } }) { port, _ in
        let client = try Client(port: port)
        try client.send(text)
        if ends { client.endSending() }
        let response = try #require(try client.response())
        #expect(response.status == status && response.has("Connection: close"), "\(text)")
        #expect(try client.isAtEnd())
      }
    }
    #expect(ledger.failed.load(ordering: .sequentiallyConsistent) == 3)
  }

  @Test func clientThatGoesCancelsTheReader() async throws {
    let ledger = Ledger()
    try await withUploads(ledger) { port, server in
      for number in 1...10 {
        let client = try Client(port: port)
        try client.send(head("/up", "Content-Length: \(8 << 20)"))
        try client.send(pattern(1 << 20))
        // A reset that overtakes the head is no request at all.
        #expect(eventually { ledger.called.load(ordering: .sequentiallyConsistent) == number })
        client.reset()
      }
      #expect(eventually { ledger.cancelled.load(ordering: .sequentiallyConsistent) == 10 })
      #expect(eventually { server.statistics.openConnections == 0 })
    }
  }

  @Test func manyUploadsAtOnce() async throws {
    try await withUploads { port, _ in
      let clients = try (0..<20).map { _ in try Client(port: port) }
      for (index, client) in clients.enumerated() {
        try client.send(head("/up", "Content-Length: \((index + 1) << 16)"))
      }
      for (index, client) in clients.enumerated() { try client.send(pattern((index + 1) << 16)) }
      for (index, client) in clients.enumerated() {
        var expected = Checksum()
        expected.add(pattern((index + 1) << 16))
        #expect(try client.response()?.text == expected.text)
      }
    }
  }
}

/// A count and a checksum that depends on the order of bytes.
struct Checksum {
  private(set) var count = 0
  private var sum: UInt64 = 1

  mutating func add(_ bytes: [UInt8]) {
    count += bytes.count
    bytes.withUnsafeBytes { for byte in $0 { sum = sum &* 1_099_511_628_211 &+ UInt64(byte) } }
  }

  var text: String { "\(count) \(sum)" }
}
