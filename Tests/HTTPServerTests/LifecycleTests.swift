import Foundation
import HTTPMessages
import Testing

@testable import HTTPServer

@Suite struct LifecycleTests {
  /// Lets a test decide when handlers answer.
  actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private(set) var arrived = 0

    func pass() async {
      arrived += 1
      if !isOpen { await withCheckedContinuation { waiters.append($0) } }
    }

    func open() {
      isOpen = true
      waiters.forEach { $0.resume() }
      waiters = []
    }
  }

  @Test func shutdownAnswersWhatIsInFlight() async throws {
    let gate = Gate()
    let server = HTTPServer(configuration: patientConfiguration) { request in
      await gate.pass()
      return HTTPResponse(status: 200, body: Array(request.path.utf8))
    }
    let port = try server.start().port
    let busy = Task {
      try await onThread {
        let client = try Client(port: port)
        try client.send(request("GET", "/flight"))
        let response = try client.response()
        return try (response?.text, response?.has("Connection: close"), client.isAtEnd())
      }
    }
    let idle = Task { try await onThread { try Client(port: port).isAtEnd() } }
    while await gate.arrived == 0 || server.statistics.openConnections < 2 {
      try await Task.sleep(for: .milliseconds(5))
    }
    let shutdown = Task { await server.shutdown(deadline: 600) }
    // The idle one is closed while the other still waits for its handler.
    #expect(try await idle.value)
    #expect(server.statistics.responses == 0)
    await gate.open()
    #expect(try await busy.value == ("/flight", true, true))
    await shutdown.value
    #expect(server.statistics.openConnections == 0)
    await #expect(throws: (any Error).self) { try await onThread { _ = try Client(port: port) } }
  }

  @Test func shutdownCancelsHandlersAtItsDeadline() async throws {
    let gate = Gate()
    let server = HTTPServer(configuration: patientConfiguration) { _ in
      await gate.pass()
      return HTTPResponse(status: 200)
    }
    let port = try server.start().port
    let client = Task {
      try await onThread {
        let client = try Client(port: port)
        try client.send(request("GET", "/"))
        return (try? client.isAtEnd()) ?? true
      }
    }
    while await gate.arrived == 0 { try await Task.sleep(for: .milliseconds(5)) }
    await server.shutdown(deadline: 0.1)
    #expect(try await client.value)
    #expect(server.statistics.responses == 0)
    // Counted by the loop, which the client may have overtaken.
    #expect(try await onThread { eventually { server.statistics.openConnections == 0 } })
    // The late answer finds nobody, and does no harm.
    await gate.open()
  }

  @Test func portInUseIsOnePlainSentence() async throws {
    try await withServer { port, _ in
      let second = HTTPServer(configuration: ServerConfiguration(port: port), handler: echo)
      let error = #expect(throws: ServerError.self) { try second.start() }
      #expect(error == .addressInUse(BoundAddress(host: "127.0.0.1", port: port)))
      #expect(
        error?.description == "Cannot listen on 127.0.0.1:\(port): port \(port) is already in use on 127.0.0.1.")
    }
  }

  @Test func portIsFreeAfterShutdown() async throws {
    var ports: (first: Int, second: Int?) = (0, nil)
    // Somebody else who asks for any port may be given this one in between; not ten times.
    for _ in 0..<10 where ports.second == nil {
      let first = HTTPServer(configuration: ServerConfiguration(port: 0), handler: echo)
      ports.first = try first.start().port
      #expect(throws: ServerError.alreadyStarted) { try first.start() }
      await first.shutdown(deadline: 1)
      let second = HTTPServer(configuration: ServerConfiguration(port: ports.first), handler: echo)
      ports.second = try? second.start().port
      await second.shutdown(deadline: 1)
    }
    #expect(ports.second == ports.first)
  }

  @Test(arguments: [("256.1.1.1", 80), ("no such host", 80), ("192.0.2.1", 0), ("127.0.0.1", 70_000)])
  func wrongAddressIsRefused(_ sample: (host: String, port: Int)) async throws {
    let server = HTTPServer(configuration: ServerConfiguration(host: sample.host, port: sample.port), handler: echo)
    let error = #expect(throws: ServerError.self) { try server.start() }
    #expect(error?.description.hasPrefix("Cannot listen on \(sample.host):\(sample.port): ") == true)
    #expect(error?.description.hasSuffix(".") == true)
  }

  /// Whether this machine has the loopback address of IPv6; some containers have none.
  static let hasIPv6: Bool = {
    guard let socket = try? ListeningSocket(host: "::1", port: 0) else { return false }
    return close(socket.descriptor) == 0
  }()

  @Test func serverListensOnIPv6() async throws {
    // Where the machine has no IPv6 there is nothing to test: unlike a tool, nobody can install it.
    guard Self.hasIPv6 else { return }
    let server = HTTPServer(configuration: ServerConfiguration(host: "::1", port: 0), handler: echo)
    let address = try server.start()
    #expect(address.description == "[::1]:\(address.port)")
    let text = try await onThread {
      let client = try Client(port: address.port, host: "::1")
      try client.send("GET /six HTTP/1.1\r\nHost: \(address)\r\n\r\n")
      return try client.response()?.text
    }
    #expect(text == "GET /six ")
    await server.shutdown(deadline: 5)
  }

  @Test func addressOfIPv6IsShownInBrackets() {
    #expect(BoundAddress(host: "::1", port: 80).description == "[::1]:80")
  }
}
