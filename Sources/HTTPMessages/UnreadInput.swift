/// Bytes that have come in and were not read yet, and whether more can come.
struct UnreadInput: Sendable {
  private var buffer: [UInt8] = []
  /// How many bytes at the front of `buffer` are read.
  private var start = 0
  /// Whether nothing more comes, or nothing more is wanted.
  private(set) var hasEnded = false

  /// How many bytes wait to be read.
  var count: Int { buffer.count - start }
  var isEmpty: Bool { start == buffer.count }
  /// Bytes of memory that are in use.
  var held: Int { buffer.count }
  /// What waits to be read.
  var bytes: ArraySlice<UInt8> { buffer[start...] }

  /// Adds what has come.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// Notes that some bytes at the front are read.
  mutating func drop(_ count: Int) { start += count }

  /// Notes that the empty lines at the front are read.
  mutating func dropEmptyLines() {
    while count >= 2, buffer[start] == Byte.carriageReturn, buffer[start + 1] == Byte.lineFeed { start += 2 }
  }

  /// Notes that nothing more comes; what is there can still be read.
  mutating func end() { hasEnded = true }

  /// Frees the memory where all is read.
  mutating func shrink() {
    if isEmpty { (buffer, start) = ([], 0) }
  }

  /// Forgets what was not read, and takes nothing more.
  mutating func discard() { (buffer, start, hasEnded) = ([], 0, true) }
}
