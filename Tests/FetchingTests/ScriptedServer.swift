import Foundation
import Promises

/// Gives each connection the next of some answers, whatever it asks; listens on every IPv4 address of this machine.
final class ScriptedServer: Sendable {
  private struct State {
    var asked = 0
    var open: [Int32] = []
    var listens = true
  }

  let port: Int
  private let listener: Int32
  private let state = Locked(State())

  /// How many connections were answered.
  var asked: Int { state.value.asked }

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
        state.withLock { $0.asked += 1 }
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !request.suffix(4).elementsEqual([13, 10, 13, 10]) {
          let received = recv(connection, &buffer, buffer.count, 0)
          if received <= 0 { break }
          request += buffer[..<received]
        }
        _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
        if keepsOpen { state.withLock { $0.open.append(connection) } } else { close(connection) }
      }
      // Closed by this thread alone: one that closes it while this thread still asks it would leave its number to another.
      state.withLock { state in
        state.listens = false
        close(descriptor)
      }
    }
  }

  func stop() {
    state.withLock { state in
      if state.listens { shutdown(listener, Int32(SHUT_RDWR)) }
      state.open.forEach { close($0) }
      state.open = []
    }
  }
}
