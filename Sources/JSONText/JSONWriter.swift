/// Writes compact JSON straight into bytes, for lists that are too long for a tree of values.
///
/// Objects and arrays are written by closures, so that each is closed; commas are the writer's. A member of an object has a
/// name before its value. Where a closure throws, what was written is not JSON, and must be thrown away.
public struct JSONWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Makes a writer, with room for about this many bytes.
  public init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// What has been written, as a string.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  @usableFromInline
  mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  @usableFromInline
  mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  /// Writes an object, whose members `body` writes.
  @inlinable
  public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
    open(0x7B)
    try body(&self)
    close(0x7D)
  }

  /// Writes an array, whose elements `body` writes.
  @inlinable
  public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
    open(0x5B)
    try body(&self)
    close(0x5D)
  }

  /// Writes a member's name; its value comes next.
  public mutating func name(_ name: String) {
    separate()
    Self.append(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  public mutating func string(_ value: String) {
    separate()
    Self.append(value, to: &bytes)
  }

  /// Writes a number in its shortest form; what is not finite becomes null.
  public mutating func number(_ value: Double) {
    separate()
    JSONNumber.append(value, to: &bytes)
  }

  /// Writes an integer.
  public mutating func integer(_ value: Int) {
    separate()
    JSONNumber.append(value, to: &bytes)
  }

  /// Writes true or false.
  public mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes null.
  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes one value that is JSON text already (a stored column, say).
  public mutating func raw(_ json: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
  }

  /// Writes a value with its members in order.
  public mutating func value(_ value: JSONValue) { write(value, sorted: false) }

  /// Writes a value; `sorted` puts members in order of the UTF-16 code units of their names (RFC 8785).
  mutating func write(_ value: JSONValue, sorted: Bool) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let value): number(value)
    case .string(let value): string(value)
    case .array(let elements): array(of: elements) { $1.write($0, sorted: sorted) }
    case .object(let object):
      var members = object.members
      if sorted { members.sort { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) } }
      self.object { writer in
        for member in members {
          writer.name(member.name)
          writer.write(member.value, sorted: sorted)
        }
      }
    }
  }

  /// Appends a string in quotation marks, with the escapes of RFC 8785 (section 3.2.2.2) and no others.
  static func append(_ string: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    // A plain string, as nearly every one is, is copied whole.
    var text = string
    let isPlain = text.withUTF8 { utf8 in
      let isPlain = utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      if isPlain { bytes.append(contentsOf: utf8) }
      return isPlain
    }
    if !isPlain { appendEscaped(string, to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func appendEscaped(_ string: String, to bytes: inout [UInt8]) {
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
      case 0x08: bytes.append(contentsOf: "\\b".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0C: bytes.append(contentsOf: "\\f".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0..<0x20:
        bytes.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
        bytes.append(contentsOf: String(byte, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
  }
}

extension JSONValue {
  /// Compact JSON, members in order.
  public var text: String {
    var writer = JSONWriter()
    writer.write(self, sorted: false)
    return writer.text
  }

  /// The canonical form of RFC 8785: equal values have equal text.
  public var canonicalText: String {
    var writer = JSONWriter()
    writer.write(self, sorted: true)
    return writer.text
  }
}
