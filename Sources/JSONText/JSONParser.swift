import ExactText

extension JSONValue {
  /// The deepest nesting of arrays and objects that is taken.
  public static let deepestNesting = 64

  /// Parses one JSON text (RFC 8259) strictly, as I-JSON (RFC 7493) has it: UTF-8 without a byte-order mark, no
  /// member name twice, no lone surrogate, no number beyond a double, nesting of at most 64.
  ///
  /// Foundation's decoder is not used: it forgets the order of members, takes the last of two members with one
  /// name in silence, has a nesting limit of its own, and does not say where a text is wrong.
  public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
    // A typed error leaves the closure as a value, because `withUnsafeBufferPointer` knows any error only.
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONSyntaxError> in
      var parser = JSONParser(bytes: buffer)
      do throws(JSONSyntaxError) {
        return .success(try parser.document())
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }
}

/// A recursive-descent parser over bytes; recursion is bounded by the nesting limit.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The byte at the position, or nil at the end.
  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  func failure(_ problem: String, at offset: Int? = nil) -> JSONSyntaxError {
    JSONSyntaxError(problem, at: offset ?? position, of: bytes)
  }

  /// The one value of the text, with nothing after it.
  mutating func document() throws(JSONSyntaxError) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw failure("the text begins with a byte-order mark, which JSON does not allow", at: 0)
    }
    skipSpace()
    guard current != nil else { throw failure("expected a value, but the text is empty") }
    let value = try value()
    skipSpace()
    guard current == nil else { throw failure("unexpected text after the end of the value") }
    return value
  }

  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func value() throws(JSONSyntaxError) -> JSONValue {
    guard let byte = current else { throw failure("expected a value, but the text ends") }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw failure("expected a value")
    }
  }

  mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let word = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[position...].starts(with: word) else { throw failure("expected a value") }
    position += word.count
    return value
  }

  mutating func descend() throws(JSONSyntaxError) {
    depth += 1
    if depth > JSONValue.deepestNesting {
      throw failure("arrays and objects are nested more than \(JSONValue.deepestNesting) deep")
    }
    position += 1
    skipSpace()
  }

  mutating func array() throws(JSONSyntaxError) -> JSONValue {
    try descend()
    var elements: [JSONValue] = []
    if current != UInt8(ascii: "]") {
      while true {
        skipSpace()
        elements.append(try value())
        skipSpace()
        if current == UInt8(ascii: "]") { break }
        guard current == UInt8(ascii: ",") else { throw failure("expected a comma or ] in an array") }
        position += 1
      }
    }
    position += 1
    depth -= 1
    return .array(elements)
  }

  mutating func object() throws(JSONSyntaxError) -> JSONValue {
    try descend()
    var members: [JSONObject.Member] = []
    var names: Set<ExactText> = []
    if current != UInt8(ascii: "}") {
      while true {
        skipSpace()
        let start = position
        guard current == UInt8(ascii: "\"") else { throw failure("expected a member name in quotation marks") }
        let name = try string()
        guard names.insert(ExactText(name)).inserted else {
          throw failure("the member name \(JSONValue.string(name).text) appears twice in one object", at: start)
        }
        skipSpace()
        guard current == UInt8(ascii: ":") else { throw failure("expected a colon after a member name") }
        position += 1
        skipSpace()
        members.append(JSONObject.Member(name: name, value: try value()))
        skipSpace()
        if current == UInt8(ascii: "}") { break }
        guard current == UInt8(ascii: ",") else { throw failure("expected a comma or } in an object") }
        position += 1
      }
    }
    position += 1
    depth -= 1
    return .object(JSONObject(distinct: members))
  }
}
