import CSystem
import Foundation

/// Standard output and standard error, for lines that are lost where nobody takes them: on a full disk, behind a pipe
/// without a reader.
///
/// Foundation's `FileHandle.write(_:)` ends the process there.
enum StandardStream: Int32 {
  case output = 1
  case error = 2

  /// How long a stream that does not wait by itself is waited for, in milliseconds.
  private static let patience: Int32 = 1000

  /// Writes a line; false where it could not be written to its end.
  @discardableResult
  func say(_ line: String) -> Bool { write(line + "\n") }

  /// Writes a text as it is; false where it could not be written to its end.
  @discardableResult
  func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  /// Writes bytes; false where they could not be written to their end.
  func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, errno == EINTR {
        continue
      } else if count < 0, errno == EAGAIN, isReady {
        continue
      } else {
        return false
      }
    }
    return true
  }

  /// Writes a line where that needs no wait, for one who must not be held up by a reader that has stopped reading.
  ///
  /// A pipe that is ready takes 4096 bytes at least.
  func sayAtOnce(_ line: String) {
    var request = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
    guard poll(&request, 1, 0) == 1 else { return }
    let bytes = Array((line + "\n").utf8.prefix(4096))
    _ = bytes.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
  }

  private var isReady: Bool {
    var request = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
    return poll(&request, 1, Self.patience) == 1 && request.revents & Int16(POLLOUT) != 0
  }
}
