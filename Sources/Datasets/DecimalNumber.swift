/// Decimal numbers from bytes: optional sign, digits, optional fraction and exponent, spaces around; nothing else.
enum DecimalNumber {
  /// Powers of ten that a double holds exactly.
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  /// The nearest double; nil where the bytes are no decimal number. Beyond a double's range it is infinite.
  static func parse(_ bytes: ArraySlice<UInt8>) -> Double? {
    let bytes = trimmed(bytes)
    var at = bytes.startIndex
    var negative = false
    if at < bytes.endIndex, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
      negative = bytes[at] == UInt8(ascii: "-")
      at += 1
    }
    var value: UInt64 = 0
    var digits = 0
    var fraction = 0
    var seenPoint = false
    while at < bytes.endIndex {
      let byte = bytes[at]
      if byte == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else if byte >= 48, byte <= 57 {
        if digits < 18 { value = value * 10 + UInt64(byte - 48) }
        digits += 1
        if seenPoint { fraction += 1 }
      } else {
        break
      }
      at += 1
    }
    guard digits > 0 else { return nil }
    // Both numbers are exact, so that their quotient is the nearest double (Clinger 1990, doi:10.1145/93548.93557).
    if at == bytes.endIndex, digits <= 15 {
      let magnitude = Double(value) / powers[fraction]
      return negative ? -magnitude : magnitude
    }
    guard at == bytes.endIndex || isExponent(bytes[at...]) else { return nil }
    return Double(String(decoding: bytes, as: UTF8.self))
  }

  private static func isExponent(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.first == UInt8(ascii: "e") || bytes.first == UInt8(ascii: "E") else { return false }
    var rest = bytes.dropFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    return !rest.isEmpty && rest.allSatisfy { $0 >= 48 && $0 <= 57 }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let byte = bytes.first, byte == 32 || byte == 9 { bytes = bytes.dropFirst() }
    while let byte = bytes.last, byte == 32 || byte == 9 { bytes = bytes.dropLast() }
    return bytes
  }
}
