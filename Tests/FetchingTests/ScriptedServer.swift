import Foundation

/// Gives each connection the next of some answers, whatever it asks; listens on every IPv4 address of this machine.
///
/// `@unchecked Sendable`: the variables are read and written under the lock alone.
final class ScriptedServer: @unchecked Sendable {
  let port: Int
  private let listener: Int32
  private let lock = NSLock()
  private var count = 0
  private var open: [Int32] = []
  private var listens = true

  /// How many connections were answered.
  var asked: Int { lock.withLock { count } }

  struct NoSocket: Error {}

  /// `keepsOpen`: whether connections stay open behind their answers.
  init(_ answers: [[UInt8]], keepsOpen: Bool = false) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
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
      for answer in answers {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { break }
        lock.withLock { count += 1 }
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !request.suffix(4).elementsEqual([13, 10, 13, 10]) {
          let received = recv(connection, &buffer, buffer.count, 0)
          if received <= 0 { break }
          request += buffer[..<received]
        }
        _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
        if keepsOpen { lock.withLock { open.append(connection) } } else { close(connection) }
      }
      // Whoever closed it while this thread still asks it would leave its number to another.
      lock.withLock {
        listens = false
        close(descriptor)
      }
    }
  }

  func stop() {
    lock.withLock {
      if listens { shutdown(listener, Int32(SHUT_RDWR)) }
      open.forEach { close($0) }
      open = []
    }
  }
}
