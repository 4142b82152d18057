import ArgumentParser
import Foundation

/// `cairn health`: asks a running service how it is, for a container's health check.
struct HealthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health",
    abstract: "Asks a running service whether it is ready; ends with 0 if so, else with 1 and a sentence.")

  @Option(
    help: ArgumentHelp(
      "Where the service listens. [CAIRN_LISTEN] (default: 127.0.0.1:8080)", valueName: "host:port"))
  var listen: String?

  /// How long the answer may take, in seconds.
  private static let patience = 3

  func run() throws {
    do {
      try check()
    } catch {
      StandardStream.error.say("cairn: \(error.description)")
      throw ExitCode(1)
    }
  }

  private func check() throws(PlainError) {
    let text = try Setting("CAIRN_LISTEN").value(listen, { $0 }, "an address") ?? "127.0.0.1:8080"
    var address = try ListenAddress(flag: text)
    // A service on every address is asked on this machine's own.
    if address.host == "0.0.0.0" { address.host = "127.0.0.1" }
    if address.host == "::" { address.host = "::1" }
    let head = try Self.answer(
      of: address, to: "GET /readyz HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n")
    guard head.hasPrefix("HTTP/1.1 200 ") else {
      throw PlainError("the service at \(text) is not ready: \(head.prefix { $0 != "\r" && $0 != "\r\n" }).")
    }
  }

  private static func answer(of address: ListenAddress, to request: String) throws(PlainError) -> String {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address.host, "\(address.port)", &hints, &found) == 0, let first = found else {
      throw PlainError("there is no host \(address.host).")
    }
    defer { freeaddrinfo(found) }
    let descriptor = socket(first.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw PlainError("no socket: \(String(cString: strerror(errno))).") }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    guard connect(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 else {
      throw PlainError("nothing answers at \(address): \(String(cString: strerror(errno))).")
    }
    let bytes = Array(request.utf8)
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw PlainError("the service does not take requests.")
    }
    var answer = [UInt8](repeating: 0, count: 1024)
    let count = recv(descriptor, &answer, answer.count, 0)
    guard count > 0 else { throw PlainError("the service gave no answer in \(patience) seconds.") }
    return String(decoding: answer.prefix(count), as: UTF8.self)
  }
}
