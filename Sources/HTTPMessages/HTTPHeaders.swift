/// Header fields in the order sent; names compare without regard to ASCII case (RFC 9110, section 5.1).
///
/// The bytes of all fields are kept in one array, so that a head of many fields costs two allocations, and text is made of
/// a field only where somebody asks for it.
public struct HTTPHeaders: Sendable {
  /// One field line.
  public struct Field: Sendable, Equatable {
    /// The name as sent.
    public var name: String
    /// The value without surrounding white space.
    public var value: String
    /// Makes a field.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Where a line's name and value are in `bytes`; the value begins where the name ends.
  struct Line: Sendable {
    var start: Int
    var nameEnd: Int
    var end: Int

    var nameCount: Int { nameEnd - start }
  }

  private(set) var bytes: [UInt8] = []
  private(set) var lines: [Line] = []

  /// Makes an empty set.
  public init() {}

  /// Makes a set of the pairs given.
  public init(_ pairs: [(String, String)]) {
    reserve(bytes: pairs.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count }, lines: pairs.count)
    for (name, value) in pairs { append(name, value) }
  }

  /// Every field line, in order.
  public var fields: [Field] {
    lines.map { line in
      Field(name: String(decoding: bytes[line.start..<line.nameEnd], as: UTF8.self), value: value(of: line))
    }
  }

  /// The first value of a name, or nil; setting replaces every line of that name.
  public subscript(name: String) -> String? {
    get { lines.first { has($0, name) }.map(value(of:)) }
    set {
      if contains(name) { lines = lines.filter { !has($0, name) } }
      if let newValue { append(name, newValue) }
    }
  }

  /// Every value of a name, in order.
  public func values(of name: String) -> [String] {
    var found: [String] = []
    for line in lines where has(line, name) { found.append(value(of: line)) }
    return found
  }

  /// Whether a name has a line.
  public func contains(_ name: String) -> Bool { lines.contains { has($0, name) } }

  /// Appends a line, keeping those of the same name.
  public mutating func append(_ name: String, _ value: String) {
    let start = bytes.count
    bytes.append(contentsOf: name.utf8)
    let nameEnd = bytes.count
    bytes.append(contentsOf: value.utf8)
    lines.append(Line(start: start, nameEnd: nameEnd, end: bytes.count))
  }

  /// Appends a line of bytes that are known to be a name and a value.
  mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    let start = bytes.count
    bytes.append(contentsOf: name)
    bytes.append(contentsOf: value)
    lines.append(Line(start: start, nameEnd: start + name.count, end: bytes.count))
  }

  /// Makes room for what is about to be appended.
  mutating func reserve(bytes count: Int, lines lineCount: Int) {
    bytes.reserveCapacity(count)
    lines.reserveCapacity(lineCount)
  }

  /// Whether two names are the same but for ASCII case.
  static func same(_ a: String, _ b: String) -> Bool {
    a.utf8.count == b.utf8.count
      && zip(a.utf8, b.utf8).allSatisfy { lowercase($0) == lowercase($1) }
  }

  private func value(of line: Line) -> String { String(decoding: bytes[line.nameEnd..<line.end], as: UTF8.self) }

  private func has(_ line: Line, _ name: String) -> Bool {
    guard line.nameCount == name.utf8.count else { return false }
    var place = line.start
    for byte in name.utf8 {
      if Self.lowercase(byte) != Self.lowercase(bytes[place]) { return false }
      place += 1
    }
    return true
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}

extension HTTPHeaders: Equatable {
  public static func == (a: HTTPHeaders, b: HTTPHeaders) -> Bool { a.fields == b.fields }
}
