import Foundation

/// A response as it came over the wire.
struct WireResponse {
  var status: Int
  var head: String
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  func has(_ line: String) -> Bool { head.split(separator: "\r\n").contains { $0 == line } }
}

/// A client with a blocking socket; only for threads outside the cooperative pool.
final class Client {
  struct Failure: Error { var reason: String }

  let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isOpen = true

  init(port: Int, host: String = "127.0.0.1", receiveBuffer: Int32? = nil) throws {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else { throw Failure(reason: "no address") }
    defer { freeaddrinfo(found) }
    descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
    let size = socklen_t(MemoryLayout<Int32>.size)
    if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, size) }
    // A server that never answers fails the test instead of hanging it.
    var patience = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
    if connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) != 0 {
      throw Failure(reason: "connect: \(errno)")
    }
  }

  deinit { close() }

  func close() {
    if isOpen { Glibc.close(descriptor) }
    isOpen = false
  }

  /// Closes with a reset.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let start = offset
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + start, bytes.count - start, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(reason: "send: \(errno)") }
      offset += count
    }
  }

  /// Reads a response; nil where the connection ends before one begins.
  func response(toHead: Bool = false) throws -> WireResponse? {
    guard let head = try head() else { return nil }
    guard let status = Int(head.dropFirst(9).prefix(3)) else { throw Failure(reason: "no status: \(head)") }
    let line = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
    let length = toHead || status < 200 ? 0 : Int(line?.dropFirst(16) ?? "0") ?? 0
    return WireResponse(status: status, head: head, body: try take(length))
  }

  /// Reads a head without its empty line; nil where the connection ends before one begins.
  func head() throws -> String? {
    while true {
      if let head = takeLine(endingIn: "\r\n\r\n") { return head }
      if try !fill() {
        if buffer.isEmpty { return nil }
        throw Failure(reason: "head cut short")
      }
    }
  }

  /// Reads a chunk of a body; nil for the last one, and a failure where the body is cut.
  func chunk() throws -> [UInt8]? {
    while true {
      if let line = takeLine(endingIn: "\r\n") {
        guard let size = Int(line, radix: 16) else { throw Failure(reason: "no chunk: \(line)") }
        let bytes = try take(size)
        guard try take(2) == [13, 10] else { throw Failure(reason: "no end of a chunk") }
        return size == 0 ? nil : bytes
      }
      if try !fill() { throw Failure(reason: "chunks cut short") }
    }
  }

  /// Reads the chunks up to the last.
  func chunks() throws -> [UInt8] {
    var all: [UInt8] = []
    while let bytes = try chunk() { all += bytes }
    return all
  }

  /// Reads up to the end of the connection.
  func rest() throws -> [UInt8] {
    while try fill() {}
    return try take(buffer.count)
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while buffer.count < count { guard try fill() else { throw Failure(reason: "body cut short") } }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  private func takeLine(endingIn text: String) -> String? {
    let separator = Array(text.utf8)
    guard let end = buffer.indices.first(where: { buffer[$0...].starts(with: separator) }) else { return nil }
    defer { buffer.removeFirst(end + separator.count) }
    return String(decoding: buffer[..<end], as: UTF8.self)
  }

  /// Whether the server has ended the connection and sent nothing more.
  func isAtEnd() throws -> Bool { try buffer.isEmpty && !fill() }

  private func fill() throws -> Bool {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &piece, piece.count, 0)
    if count < 0 { throw Failure(reason: "recv: \(errno)") }
    buffer += piece[..<count]
    return count > 0
  }
}
