import Datasets
import Foundation

/// What is said in both directions; no other process inherits it.
final class ProcessLine {
  private let ours: Int32
  private(set) var theirs: Int32

  /// Makes both ends; `subject` is what an error is about.
  init(_ subject: String) throws {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw StorageFault(code: errno, .run, subject)
    }
    (ours, theirs) = (ends[0], ends[1])
  }

  deinit {
    closeTheirs()
    close(ours)
  }

  func closeTheirs() {
    if theirs >= 0 { close(theirs) }
    theirs = -1
  }

  /// Writes all; false where that failed, also because the other process died. Then nothing more comes, and it reads the end:
  /// it would wait for the rest for ever.
  func write(_ data: Data) -> Bool {
    var rest = [UInt8](data)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(ours, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        shutdown(ours, Int32(SHUT_WR))
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  func readToEnd() -> Data {
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(ours, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return data }
      data.append(contentsOf: buffer[..<count])
    }
  }
}
