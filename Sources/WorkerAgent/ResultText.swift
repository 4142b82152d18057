import JSONText

/// JSON as programs write it: numbers that are not finite, as Python writes them, become texts.
enum ResultText {
  /// The object that a text is; nil where it is none.
  static func object(_ bytes: [UInt8]) -> JSONObject? {
    if let value = try? JSONValue(parsing: bytes) { return value.objectValue }
    guard let value = try? JSONValue(parsing: withFiniteNumbers(bytes)) else { return nil }
    return value.objectValue
  }

  /// Whether a text is what programs write for a number that is not finite.
  static func isNotFinite(_ text: String) -> Bool {
    var word = text.lowercased()[...]
    if word.hasPrefix("-") || word.hasPrefix("+") { word = word.dropFirst() }
    return ["nan", "inf", "infinity"].contains(String(word))
  }

  /// The bytes with `NaN`, `Infinity` and `-Infinity`, where they are values, in quotation marks.
  private static func withFiniteNumbers(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isInString = false
    var place = 0
    let words = ["NaN", "-Infinity", "Infinity"].map { Array($0.utf8) }
    while place < bytes.count {
      if !isInString, let word = words.first(where: { bytes[place...].starts(with: $0) }) {
        result += [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")]
        place += word.count
        continue
      }
      if isInString, bytes[place] == UInt8(ascii: "\\") {
        result += bytes[place..<min(place + 2, bytes.count)]
        place += 2
        continue
      }
      if bytes[place] == UInt8(ascii: "\"") { isInString.toggle() }
      result.append(bytes[place])
      place += 1
    }
    return result
  }
}
