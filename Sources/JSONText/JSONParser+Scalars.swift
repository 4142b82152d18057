extension JSONParser {
  /// The string that begins at the position, code point by code point as it was sent.
  mutating func string() throws(JSONSyntaxError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while true {
      let run = position
      while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
      text.append(contentsOf: bytes[run..<position])
      switch current {
      case UInt8(ascii: "\""):
        position += 1
        guard let valid = String(validating: text, as: UTF8.self) else {
          throw failure("the string is not valid UTF-8", at: start)
        }
        return valid
      case UInt8(ascii: "\\"):
        try escape(into: &text)
      case nil:
        throw failure("the string has no end", at: start)
      default:
        throw failure("a control character in a string must be escaped")
      }
    }
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    let start = position
    position += 1
    guard let letter = current else { throw failure("the string has no end", at: start) }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try unicodeEscape(from: start)).utf8))
    default: throw failure("unknown escape in a string", at: start)
    }
  }

  /// The character of `\uXXXX`, or of two of them that are a surrogate pair; the position is behind the first `u`.
  private mutating func unicodeEscape(from start: Int) throws(JSONSyntaxError) -> Character {
    let first = try codeUnit(from: start)
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    guard first < 0xDC00, current == UInt8(ascii: "\\"), position + 1 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw failure("a \\u escape is half of a surrogate pair", at: start) }
    position += 2
    let second = try codeUnit(from: start)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    else { throw failure("a \\u escape is half of a surrogate pair", at: start) }
    return Character(scalar)
  }

  private mutating func codeUnit(from start: Int) throws(JSONSyntaxError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("a \\u escape needs four hexadecimal digits", at: start)
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  /// The number that begins at the position, as the nearest double; −0 is 0.
  mutating func number() throws(JSONSyntaxError) -> Double {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") {
      position += 1
      if let byte = current, isDigit(byte) { throw failure("a number must not begin with an extra zero", at: start) }
    } else {
      try digits(of: start)
    }
    if current == UInt8(ascii: ".") {
      position += 1
      try digits(of: start)
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits(of: start)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw failure("a number is beyond the range of a double", at: start)
    }
    return value == 0 ? 0 : value
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func digits(of start: Int) throws(JSONSyntaxError) {
    guard let byte = current, isDigit(byte) else { throw failure("the number lacks digits", at: start) }
    while let byte = current, isDigit(byte) { position += 1 }
  }
}
