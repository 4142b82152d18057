/// Numbers as RFC 8785 (section 3.2.2.3) and so ECMAScript write them.
public enum JSONNumber {
  /// The shortest text that reads back as the same double; −0 is `0`, what is not finite is `null`.
  public static func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text of a number to bytes.
  public static func append(_ value: Double, to bytes: inout [UInt8]) {
    guard value.isFinite else { return bytes.append(contentsOf: "null".utf8) }
    if abs(value) < 9_007_199_254_740_992, let integer = Int(exactly: value) {
      return append(integer, to: &bytes)
    }
    // Swift's description has the shortest digits, the closest of them. Its layout differs from ECMAScript's only
    // where it has an exponent, which it has sooner, and by a `.0` after whole numbers.
    var description = value.description
    if !description.utf8.contains(UInt8(ascii: "e")) {
      if abs(value) >= 9_007_199_254_740_992 { description.removeLast(2) }
      return description.withUTF8 { bytes.append(contentsOf: $0) }
    }
    appendWithExponent(value, to: &bytes)
  }

  private static func appendWithExponent(_ value: Double, to bytes: inout [UInt8]) {
    let text = Array(abs(value).description.utf8)
    let mark = text.firstIndex(of: UInt8(ascii: "e"))
    let exponent = mark.flatMap { Int(String(decoding: text[($0 + 1)...], as: UTF8.self)) } ?? 0
    let mantissa = text[..<(mark ?? text.count)]
    let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
    var digits = mantissa.filter { $0 != UInt8(ascii: ".") }
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    lay(digits, point: point - zeros + exponent, into: &bytes)
  }

  /// Lays digits out; `point` is how many of them precede the decimal point (the `n` of ECMAScript).
  private static func lay(_ digits: [UInt8], point: Int, into bytes: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    let dot = UInt8(ascii: ".")
    switch point {
    case _ where digits.count <= point && point <= 21:
      bytes.append(contentsOf: digits)
      bytes.append(contentsOf: repeatElement(zero, count: point - digits.count))
    case 1...21:
      bytes.append(contentsOf: digits[..<point])
      bytes.append(dot)
      bytes.append(contentsOf: digits[point...])
    case -5...0:
      bytes.append(zero)
      bytes.append(dot)
      bytes.append(contentsOf: repeatElement(zero, count: -point))
      bytes.append(contentsOf: digits)
    default:
      bytes.append(digits[0])
      if digits.count > 1 {
        bytes.append(dot)
        bytes.append(contentsOf: digits[1...])
      }
      bytes.append(UInt8(ascii: "e"))
      bytes.append(UInt8(ascii: point > 0 ? "+" : "-"))
      append(abs(point - 1), to: &bytes)
    }
  }

  /// Appends the digits of an integer to bytes.
  public static func append(_ value: Int, to bytes: inout [UInt8]) {
    var rest = value.magnitude
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}
