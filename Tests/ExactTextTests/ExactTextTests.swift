import ExactText
import Testing

@Suite struct ExactTextTests {
  /// Pairs that Swift's own comparison takes for equal.
  static let pairs: [(String, String)] = [
    ("caf\u{E9}", "cafe\u{301}"), ("\u{212A}", "K"), ("\u{212B}", "A\u{30A}"), ("\u{212B}", "\u{C5}"),
    ("\u{AC00}", "\u{1100}\u{1161}"), ("\u{2126}", "\u{3A9}"), ("a\u{323}\u{307}", "a\u{307}\u{323}"),
  ]

  @Test(arguments: pairs) func textsOfAnotherNormalFormAreTwo(_ pair: (String, String)) {
    #expect(pair.0 == pair.1, "Swift's own comparison, the reason for the type")
    #expect(ExactText(pair.0) != ExactText(pair.1))
    #expect(!pair.0.isExactly(pair.1))
    #expect(Set([ExactText(pair.0), ExactText(pair.1)]).count == 2)
    #expect((ExactText(pair.0) < ExactText(pair.1)) != (ExactText(pair.1) < ExactText(pair.0)))
    #expect(![pair.0].containsExactly(pair.1))
  }

  @Test(arguments: ["", "plain", "caf\u{E9}", "\u{1F600} and \u{0} inside"]) func aTextIsItself(_ text: String) {
    let copy = String(text.unicodeScalars.map(Character.init))
    #expect(ExactText(text) == ExactText(text[...]))
    #expect(text.isExactly(copy) == Array(text.utf8).elementsEqual(copy.utf8))
    #expect(ExactText(text).hashValue == ExactText(String(decoding: text.utf8, as: UTF8.self)).hashValue)
    #expect(!(ExactText(text) < ExactText(text)))
  }

  @Test func theOrderIsThatOfCodePoints() {
    // U+FFFD comes after U+1F600 in UTF-16, before it in code points.
    #expect(ExactText("\u{FFFD}") < ExactText("\u{1F600}"))
    #expect(ExactText("a") < ExactText("ab"))
    #expect(ExactText("Z") < ExactText("a"))
  }
}
