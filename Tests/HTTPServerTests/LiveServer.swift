import Foundation
import HTTPMessages
import Testing

@testable import HTTPServer

/// Runs blocking work on a thread of its own, so that the cooperative pool stays free for handlers.
func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
  }
}

/// A free port, and deadlines that no test meets by being held up; a test shortens the one that it is about.
let patientConfiguration = ServerConfiguration(
  port: 0, headerTimeout: 600, bodyTimeout: 600, minimumRate: 0, idleTimeout: 600, writeTimeout: 600,
  lingerTimeout: 60, patience: 600)

/// Starts a server on a free port, runs a client on a thread, and shuts the server down.
func withServer(
  _ change: (inout ServerConfiguration) -> Void = { _ in }, handler: @escaping HTTPHandler = echo,
  client: @escaping @Sendable (_ port: Int, _ server: HTTPServer) throws -> Void
) async throws {
  var configuration = patientConfiguration
  change(&configuration)
  let server = HTTPServer(configuration: configuration, handler: handler)
  let port = try server.start().port
  do {
    try await onThread { try client(port, server) }
  } catch {
    Issue.record(error)
  }
  await server.shutdown(deadline: 5)
}

/// A client that has had the beginning of an answer. Where connections do not stay idle for long, a thread that is held
/// up between connecting and asking finds its connection closed, and tries again on another.
func clientWithAnAnswer(_ port: Int, _ request: String, _ begins: (Client) throws -> Bool) throws -> Client {
  for _ in 0..<1000 {
    let client = try Client(port: port)
    if (try? client.send(request)) != nil, (try? begins(client)) == true { return client }
  }
  throw Client.Failure(reason: "no answer on any connection")
}

/// Answers with the method, the path and the body; `/slow` after a while, `/large/N` with N KiB.
let echo: HTTPHandler = { request in
  if request.path.hasPrefix("/slow") { try? await Task.sleep(for: .milliseconds(150)) }
  if request.path.hasPrefix("/large/"), let size = Int(request.path.dropFirst(7)) {
    return HTTPResponse(status: 200, body: pattern(size << 10))
  }
  return HTTPResponse(status: 200, body: Array("\(request.method) \(request.path) ".utf8) + request.body)
}

/// Bytes in which a piece that is lost, doubled or moved shows: a block of prime length, over and over.
func pattern(_ count: Int) -> [UInt8] {
  let block = (0..<4093).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count + block.count)
  while bytes.count < count { bytes += block }
  return Array(bytes.prefix(count))
}

/// A request of HTTP/1.1.
func request(_ method: String, _ path: String, _ fields: String = "", body: String = "") -> String {
  let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
  return "\(method) \(path) HTTP/1.1\r\nHost: test\r\n\(fields)\(length)\r\n\(body)"
}

/// Waits until something holds that other threads bring about; false after two minutes.
func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<24_000 {
    if condition() { return true }
    usleep(5000)
  }
  return condition()
}
