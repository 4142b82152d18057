import Digests
import Foundation
import Testing

@testable import Fetching

/// Fetching from a server that says what a test wants it to say.
@Suite struct FetchTests {
  private static let content = Array("a,b,label\n1,2,x\n".utf8)
  private static let sha256 = SHA256.hexDigest(of: content)

  private static func answer(_ body: [UInt8], status: String = "200 OK", _ fields: String = "") -> [UInt8] {
    Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\(fields)\r\n".utf8) + body
  }

  /// Fetches from a server that gives one answer a connection; gives what was written, and that nothing is left else.
  private func fetch(
    _ answers: [[UInt8]], path: String = "/x", host: String = "127.0.0.1", allowing: String = "127.0.0.1",
    sha256: String = FetchTests.sha256, limits: FetchLimits = FetchLimits(), control: FetchControl = FetchControl(),
    keepsOpen: Bool = false
  ) throws -> Result<[UInt8], FetchError> {
    let server = try ScriptedServer(answers, keepsOpen: keepsOpen)
    defer { server.stop() }
    let file = NSTemporaryDirectory() + UUID().uuidString
    defer { unlink(file) }
    let rule = AddressRule(adding: allowing.split(separator: ",").compactMap { Network(String($0)) })
    let fetcher = Fetcher(rule: rule, limits: limits, agent: "cairn/test")
    let url = "http://\(host):\(server.port)\(path)"
    do throws(FetchError) {
      try fetcher.fetch(url, to: file, sha256: sha256, control: control)
    } catch {
      #expect(!FileManager.default.fileExists(atPath: file))
      return .failure(error)
    }
    return .success([UInt8](FileManager.default.contents(atPath: file) ?? Data()))
  }

  @Test func aFileIsFetchedAndCounted() throws {
    let control = FetchControl()
    #expect(try fetch([Self.answer(Self.content)], control: control) == .success(Self.content))
    #expect(control.receivedBytes == Self.content.count)
    // Without a length, to the end of the connection.
    let open = Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + Self.content
    #expect(try fetch([open]) == .success(Self.content))
    #expect(try fetch([Self.answer(Self.content)], sha256: Self.sha256.uppercased()) == .success(Self.content))
  }

  @Test func whatIsNotWhatWasAskedForIsRefused() throws {
    let other = Self.answer(Self.content + [10])
    #expect(try fetch([other]) == .failure(.wrongSHA256(found: SHA256.hexDigest(of: Self.content + [10]))))
    for status in [404, 500, 204] {
      #expect(try fetch([Self.answer([], status: "\(status) No")]) == .failure(.status(status)))
    }
    let cut = Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".utf8) + Self.content
    for answer in [
      cut, Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc".utf8), Array("rubbish\n".utf8),
    ] {
      guard case .failure(.failed(let words)) = try fetch([answer]) else {
        Issue.record("that was taken")
        continue
      }
      #expect(!words.isEmpty)
    }
  }

  @Test func addressesThatMayNotBeAskedAreNotAsked() throws {
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"] {
      guard case .failure(.forbiddenAddress) = try fetch([Self.answer(Self.content)], host: host, allowing: "") else {
        Issue.record("\(host) was asked")
        continue
      }
    }
  }

  @Test func everyAddressThatAServerSendsOnToIsChecked() throws {
    let target = try ScriptedServer([Self.answer(Self.content), Self.answer(Self.content)])
    defer { target.stop() }
    func sent(to host: String) -> [UInt8] {
      Self.answer([], status: "302 Found", "Location: http://\(host):\(target.port)/y\r\n")
    }
    #expect(try fetch([sent(to: "127.0.0.1")]) == .success(Self.content))
    #expect(try fetch([sent(to: "127.0.0.2")]) == .failure(.forbiddenAddress("127.0.0.2")))
    #expect(target.asked == 1)
    #expect(try fetch([sent(to: "127.0.0.2")], allowing: "127.0.0.0/8") == .success(Self.content))
    let elsewhere = Self.answer([], status: "302 Found", "Location: file:///etc/hostname\r\n")
    guard case .failure(.failed) = try fetch([elsewhere]) else {
      Issue.record("a file of this machine was given")
      return
    }
    let around = Self.answer([], status: "301 Moved", "Location: /again\r\n")
    #expect(try fetch(Array(repeating: around, count: 6)) == .failure(.tooManyRedirects(limit: 5)))
  }

  @Test func limitsHold() throws {
    let limits = FetchLimits(bytes: Self.content.count - 1, seconds: 600)
    #expect(try fetch([Self.answer(Self.content)], limits: limits) == .failure(.tooLarge(limit: limits.bytes)))
    // A server that does not say how long it will be.
    let open = Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + Self.content
    #expect(try fetch([open], limits: limits) == .failure(.tooLarge(limit: limits.bytes)))
    let begun = Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc".utf8)
    #expect(try fetch([begun], limits: FetchLimits(seconds: 1), keepsOpen: true) == .failure(.tooSlow))
  }

  @Test func aTransferCanBeCancelled() throws {
    let control = FetchControl()
    let begun = Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc".utf8)
    Thread.detachNewThread {
      while control.receivedBytes == 0 { usleep(1000) }
      control.cancel()
    }
    #expect(try fetch([begun], control: control, keepsOpen: true) == .failure(.cancelled))
  }

  @Test func aFileThatStandsIsNotOverwritten() throws {
    let file = NSTemporaryDirectory() + UUID().uuidString
    try Data("old".utf8).write(to: URL(fileURLWithPath: file))
    defer { unlink(file) }
    let fetcher = Fetcher(rule: AddressRule(), limits: FetchLimits(), agent: "cairn/test")
    #expect(throws: FetchError.self) {
      try fetcher.fetch("http://127.0.0.1:1/", to: file, sha256: Self.sha256, control: FetchControl())
    }
    #expect(FileManager.default.contents(atPath: file) == Data("old".utf8))
  }
}
