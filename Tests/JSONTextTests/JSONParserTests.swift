import JSONText
import Testing

/// Parses text.
func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

@Suite struct JSONParserTests {
  @Test func values() throws {
    let cases: [(String, JSONValue)] = [
      ("null", nil), (" true\t", true), ("\r\nfalse\n", false), ("0", 0), ("-0", 0), ("-0.0e-5", 0), ("5e0", 5),
      ("5.0", 5), ("1E+2", 100), ("-1.25e-2", -0.0125), ("1e-400", 0), ("0e999999999999999999999", 0),
      ("9007199254740993", 9_007_199_254_740_992), ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
      ("\"\"", ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
      (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\u{0}"), ("\"é😀\"", "é😀"), ("[]", []), ("[ ]", []), ("{ }", [:]),
      ("[1, [2], {}]", [1, [2], [:]]), (#"{"b": 1, "a": [null]}"#, ["b": 1, "a": [nil]]),
    ]
    for (text, value) in cases { #expect(try parse(text) == value, "\(text)") }
  }

  @Test func membersKeepTheirOrder() throws {
    #expect(try parse(#"{"z": 1, "a": 2, "m": 3}"#).text == #"{"z":1,"a":2,"m":3}"#)
  }

  static let refused: [(String, String)] = [
    ("", "empty"), ("  ", "empty"), ("nul", "expected a value"), ("truex", "after the end"),
    ("True", "expected a value"),
    ("1 2", "after the end"), ("{}]", "after the end"), ("[1,]", "expected a value"), ("[1 2]", "comma or ]"),
    ("[", "text ends"), ("[1", "comma or ]"), ("{", "member name"), (#"{"a""#, "colon"), (#"{"a":"#, "text ends"),
    (#"{"a":1"#, "comma or }"), (#"{"a":1,}"#, "member name"), ("{a:1}", "member name"), ("{'a':1}", "member name"),
    (#"{"a":1,"a":2}"#, "\"a\" appears twice"), (#"{"a":1,"\u0061":2}"#, "twice"), ("01", "extra zero"),
    ("-", "digits"), ("+1", "expected a value"), (".5", "expected a value"), ("1.", "digits"), ("1e", "digits"),
    ("1e+", "digits"), ("0x1", "after the end"), ("1e400", "beyond"), ("-1e400", "beyond"), ("NaN", "expected a value"),
    ("Infinity", "expected a value"), ("-Infinity", "digits"), ("\"", "no end"), ("\"\\", "no end"),
    ("\"\\x\"", "unknown escape"), ("\"\\u12\"", "four hexadecimal"), ("\"\\u12G4\"", "four hexadecimal"),
    ("\"\\ud800\"", "surrogate"), ("\"\\ud800\\u0041\"", "surrogate"), ("\"\\udc00\"", "surrogate"),
    ("\"\\ud800\\", "surrogate"), ("\"a\nb\"", "control character"), ("\"\u{1}\"", "control character"),
    ("// c\n1", "expected a value"), ("\u{FEFF}1", "byte-order mark"), ("\u{A0}1", "expected a value"),
  ]

  @Test(arguments: refused) func refuses(text: String, word: String) throws {
    let error = try #require(throws: JSONSyntaxError.self) { try parse(text) }
    #expect(error.detail.contains(word), "\(error.detail)")
    #expect(error.detail.hasSuffix("."))
  }

  @Test(
    arguments: [
      [0xFF], [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22], [0xFE, 0xFF, 0x00, 0x31],
    ] as [[UInt8]]) func refusesWhatIsNotUTF8(bytes: [UInt8])
  {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
  }

  @Test func nesting() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try parse(nested(64)).text == nested(64))
    #expect(throws: JSONSyntaxError.self) { try parse(nested(65)) }
    #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
    #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: #"{"a":"#, count: 65)) }
    #expect(try parse("[" + nested(63) + "," + nested(63) + "]").arrayValue?.count == 2)
  }

  @Test func saysWhere() throws {
    let error = try #require(throws: JSONSyntaxError.self) { try parse("{\n  \"é\": 1,\n  \"é€\": x\n}") }
    #expect((error.line, error.column) == (3, 9))
    #expect(error.detail == "Invalid JSON at line 3, column 9: expected a value.")
    let twice = try #require(throws: JSONSyntaxError.self) { try parse("{\"a\": 1,\r\n\"a\": 2}") }
    #expect(twice.detail == "Invalid JSON at line 2, column 1: the member name \"a\" appears twice in one object.")
  }

  /// No prefix of a valid text is valid or traps.
  @Test func prefixes() throws {
    let text = Array(#"{"a": [1.5e-3, "x\u00e9\ud83d\ude00", true, null], "b": {"c": {}}}"#.utf8)
    for count in 0..<text.count {
      #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array(text[..<count])) }
    }
    _ = try JSONValue(parsing: text)
  }

  /// An object of many members takes time in proportion to them; were it quadratic, this would not end.
  @Test func manyMembers() throws {
    let text = "{" + (0..<100_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    #expect(try parse(text).objectValue?.members.count == 100_000)
  }
}
