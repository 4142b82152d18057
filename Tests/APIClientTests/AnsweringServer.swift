import Foundation
import Promises

/// Answers every request of every connection; an empty answer is none.
final class AnsweringServer: Sendable {
  let port: Int
  /// Whether a connection is closed behind its first answer.
  let closesAfterAnswer = Locked(false)
  private let listener: Int32
  private let open = Locked([Int32]())
  private let answer: @Sendable ([UInt8]) -> [UInt8]

  struct NoSocket: Error {}

  /// How many connections were made.
  var connections: Int { open.value.count }

  init(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]) throws {
    self.answer = answer
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw NoSocket() }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { break }
        open.withLock { $0.append(connection) }
        Thread.detachNewThread { [self] in serve(connection) }
      }
      close(descriptor)
    }
  }

  private func serve(_ connection: Int32) {
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let received = recv(connection, &buffer, buffer.count, 0)
      if received <= 0 { break }
      request += buffer[..<received]
      guard let length = Self.length(of: request), request.count >= length else { continue }
      let bytes = answer(Array(request[..<length]))
      request.removeFirst(length)
      _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      if closesAfterAnswer.value { break }
    }
    shutdown(connection, Int32(SHUT_RDWR))
  }

  /// The bytes of a request's head and body; nil while the head is not whole.
  private static func length(of request: [UInt8]) -> Int? {
    let text = String(decoding: request, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let head = text[..<end.upperBound]
    let body = head.components(separatedBy: "Content-Length: ").dropFirst().first?.prefix { $0.isNumber }
    return head.utf8.count + (body.flatMap { Int($0) } ?? 0)
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    for connection in open.value { shutdown(connection, Int32(SHUT_RDWR)) }
  }
}
