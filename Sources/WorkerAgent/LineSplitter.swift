/// Lines of bytes that come in any pieces; a line that is too long is cut.
struct LineSplitter {
  /// The most bytes of a line that are kept.
  static let mostBytes = 1 << 20

  private var line: [UInt8] = []

  /// Takes bytes, and gives each line that they end to `body`, without its end.
  mutating func feed(_ bytes: some Sequence<UInt8>, _ body: ([UInt8]) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        end(body)
      } else if line.count < Self.mostBytes {
        line.append(byte)
      }
    }
  }

  /// Gives what follows the last end of a line, if there is something.
  mutating func finish(_ body: ([UInt8]) -> Void) { if !line.isEmpty { end(body) } }

  private mutating func end(_ body: ([UInt8]) -> Void) {
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    body(line)
    line.removeAll(keepingCapacity: true)
  }
}
