import Foundation

/// Bytes that wait for the socket, in order; holds no memory when empty.
struct OutgoingBytes {
  /// What a write led to.
  enum Outcome { case done, blocked, broken }

  /// The most bytes of a piece that is copied.
  static let small = 16 << 10

  private var chunks: [[UInt8]] = []
  private var first = 0
  private var offset = 0
  /// Bytes written in all.
  private(set) var written = 0
  /// Bytes that still wait.
  private(set) var count = 0
  /// Bytes of memory that they take: of what was begun, all.
  private(set) var held = 0

  var isEmpty: Bool { first == chunks.count }

  /// Small pieces are joined, so that one write sends them; a large one is not copied.
  mutating func append(_ bytes: [UInt8]) {
    if first < chunks.count, chunks[chunks.count - 1].count + bytes.count <= Self.small {
      chunks[chunks.count - 1] += bytes
    } else if !bytes.isEmpty {
      chunks.append(bytes)
    }
    count += bytes.count
    held += bytes.count
  }

  /// Writes as much as the socket takes.
  mutating func write(to descriptor: Int32) -> Outcome {
    while first < chunks.count {
      let start = offset
      let sent = chunks[first].withUnsafeBytes { bytes in
        send(descriptor, bytes.baseAddress! + start, bytes.count - start, Int32(MSG_NOSIGNAL))
      }
      if sent < 0 {
        if errno == EINTR { continue }
        return errno == EAGAIN ? .blocked : .broken
      }
      written += sent
      offset += sent
      count -= sent
      if offset == chunks[first].count {
        held -= offset
        chunks[first] = []
        first += 1
        offset = 0
      }
    }
    chunks = []
    first = 0
    return .done
  }
}
