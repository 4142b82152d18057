import JSONText
import Testing

/// Texts that differ in Unicode normal form alone are different JSON (RFC 8259, section 8.3).
@Suite struct ExactNamesTests {
  static let pairs = [("\u{E9}", "e\u{301}"), ("\u{212A}", "K"), ("\u{212B}", "\u{C5}")]

  @Test(arguments: pairs) func bothMayBeMembersOfOneObject(_ pair: (String, String)) throws {
    let value = try parse(#"{"\#(pair.0)": 1, "\#(pair.1)": 2}"#)
    #expect(value.objectValue?.members.count == 2)
    #expect(value[pair.0] == 1)
    #expect(value[pair.1] == 2)
    #expect(try parse(#"{"\#(pair.0)": 1}"#)[pair.1] == nil)
  }

  @Test(arguments: pairs) func valuesAreTwo(_ pair: (String, String)) throws {
    let values: [(JSONValue, JSONValue)] = [
      (.string(pair.0), .string(pair.1)), ([.string(pair.0)], [.string(pair.1)]),
      (.object(JSONObject([(pair.0, 1)])), .object(JSONObject([(pair.1, 1)]))),
      (["a": .string(pair.0)], ["a": .string(pair.1)]),
    ]
    for (one, other) in values {
      #expect(one != other)
      #expect(Set([one, other]).count == 2)
      #expect(one.canonicalText.utf8.elementsEqual(other.canonicalText.utf8) == false)
    }
  }

  @Test(arguments: pairs) func aMergeLeavesTheOtherMemberAlone(_ pair: (String, String)) throws {
    let merged = JSONValue.object(JSONObject([(pair.0, "a")])).merging(.object(JSONObject([(pair.1, "b")])))
    #expect(merged.objectValue?.members.count == 2)
    #expect(merged[pair.0] == "a")
    #expect(merged[pair.1] == "b")
    let removed = merged.merging(.object(JSONObject([(pair.1, .null)])))
    #expect(removed.objectValue?.members.map(\.value) == ["a"])
  }

  @Test func settingAMemberReplacesItsOwnAlone() {
    var object = JSONObject([("\u{E9}", 1), ("e\u{301}", 2)])
    object["e\u{301}"] = nil
    #expect(object.members.map(\.value) == [1])
    #expect(object["\u{E9}"] == 1)
  }
}
