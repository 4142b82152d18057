/// The bytes that HTTP's grammar names.
enum Byte {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let colon = UInt8(ascii: ":")
  static let semicolon = UInt8(ascii: ";")
  static let equals = UInt8(ascii: "=")
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let slash = UInt8(ascii: "/")
  static let percent = UInt8(ascii: "%")
}

extension UInt8 {
  /// A control character other than the tab: nowhere valid in a head but in its line ends.
  var isControl: Bool { (self < 0x20 && self != Byte.tab) || self == 0x7F }

  var isBlank: Bool { self == Byte.space || self == Byte.tab }

  var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  var isLetter: Bool {
    let lower = self | 0x20
    return lower >= 0x61 && lower <= 0x7A
  }

  /// `tchar` of RFC 9110, section 5.6.2.
  var isToken: Bool { self < 0x80 && (self < 0x40 ? Self.lowTokens : Self.highTokens) >> UInt64(self & 0x3F) & 1 == 1 }

  /// A bit for each token below 0x40: `!#$%&'*+-.` and the digits.
  private static let lowTokens: UInt64 = 0x03FF_6CFA_0000_0000
  /// A bit for each token from 0x40: letters and ``^_`|~``.
  private static let highTokens: UInt64 = 0x57FF_FFFF_C7FF_FFFE

  /// The value of a hexadecimal digit, or nil.
  var hexValue: UInt8? {
    if isDigit { return self - 0x30 }
    let lower = self | 0x20
    return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : nil
  }
}
