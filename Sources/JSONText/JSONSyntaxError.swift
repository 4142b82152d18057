/// Why bytes are not the JSON text that this service takes.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence that says what is wrong, with line and column.
  public var detail: String
  /// The line, from 1.
  public var line: Int
  /// The column in characters (Unicode scalars), from 1.
  public var column: Int

  public var description: String { detail }

  /// Makes an error at a byte of a text; the problem is a phrase without a full stop.
  init(_ problem: String, at offset: Int, of bytes: UnsafeBufferPointer<UInt8>) {
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.line = line
    self.column = column
    detail = "Invalid JSON at line \(line), column \(column): \(problem)."
  }
}
