import JSONText
import Testing

@Suite struct JSONWriterTests {
  /// RFC 8785, section 3.2.3: members are sorted by UTF-16 code units.
  @Test func canonicalOrder() throws {
    let value = try parse(
      #"""
      {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
       "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
      """#)
    let values = try parse(value.canonicalText).objectValue?.members.map(\.value.stringValue)
    #expect(
      values == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
      ])
  }

  /// RFC 8785, section 3.2.2.
  @Test func canonicalExample() throws {
    let value = try parse(
      #"""
      {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
       "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
       "literals": [null, true, false]}
      """#)
    #expect(
      value.canonicalText
        == #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
        + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#)
  }

  @Test func everyCharacterComesBack() throws {
    let text = String(String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0) }))
    #expect(try parse(JSONValue.string(text).text) == .string(text))
    #expect(JSONValue.string("\u{1}\u{1f}\u{7f}/").text == "\"\\u0001\\u001f\u{7f}/\"")
  }

  @Test func writesWithoutATree() throws {
    var writer = JSONWriter(reserving: 100)
    writer.object { writer in
      writer.array("items", of: 1...2) { number, writer in
        writer.object { writer in
          writer.member("number", number)
          writer.member("value", 0.5)
          writer.name("parameters")
          writer.raw(Array(#"{"a":1}"#.utf8))
        }
      }
      writer.array("empty") { _ in }
      writer.member("rest", ["x": nil, "y": [true, "z"]])
      writer.member("no", false)
      writer.member("next", nil as Int?)
      writer.member("text", "é\n")
      writer.object("inner") { $0.object("none") { _ in } }
      writer.array("nested", of: [[1, 2], []]) { $1.array(of: $0) { $1.integer($0) } }
    }
    #expect(
      writer.text
        == #"{"items":[{"number":1,"value":0.5,"parameters":{"a":1}},{"number":2,"value":0.5,"parameters":{"a":1}}],"#
        + #""empty":[],"rest":{"x":null,"y":[true,"z"]},"no":false,"next":null,"text":"é\n","#
        + #""inner":{"none":{}},"nested":[[1,2],[]]}"#)
    #expect(try parse(writer.text).text == writer.text)
    #expect(writer.bytes == Array(writer.text.utf8))
  }

  @Test func aClosureThatThrowsThrowsOn() {
    struct Fault: Error {}
    var writer = JSONWriter()
    #expect(throws: Fault.self) { try writer.object { _ in throw Fault() } }
    #expect(throws: Fault.self) { try writer.array(of: [1]) { _, _ in throw Fault() } }
  }

  @Test func integers() {
    for value in [0, 7, -7, 10, 1_234_567, Int.max, Int.min] {
      var writer = JSONWriter()
      writer.integer(value)
      #expect(writer.text == "\(value)")
    }
  }

  @Test func pointers() {
    #expect(JSONPointer.root.text.isEmpty)
    #expect(JSONPointer.root.appending("a/b~c").appending(2).appending("").text == "/a~1b~0c/2/")
    #expect(JSONPointer.escape("~1") == "~01")
  }

  /// RFC 7396, appendix A.
  @Test func mergePatch() throws {
    let cases = [
      (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
      (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
      (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
      (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
      (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
      (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"), (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
      (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
      ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ]
    for (original, patch, result) in cases {
      #expect(try parse(original).merging(parse(patch)).text == result)
    }
  }
}
