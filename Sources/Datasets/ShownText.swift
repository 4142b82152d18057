/// Texts of files as messages show them, cut to what a message can bear.
enum ShownText {
  /// A column of a table by its name.
  static func column(_ name: String) -> String { "column \(cut(name))" }

  /// A text in quotes.
  static func quoted(_ text: String) -> String { "\"\(cut(text))\"" }

  /// The first 40 characters.
  static func cut(_ text: String) -> String {
    let start = text.prefix(40)
    return start.endIndex == text.endIndex ? text : start + "…"
  }
}
