/// `uri-host [ ":" port ]` of RFC 9110, section 7.2.
public enum HostName {
  /// Whether the text is a host that is not empty, with or without a port.
  public static func isValid(_ text: some BidirectionalCollection<UInt8>) -> Bool {
    var rest = Array(text)[...]
    if rest.first == UInt8(ascii: "[") {
      guard let end = rest.firstIndex(of: UInt8(ascii: "]")), end > rest.startIndex + 1 else { return false }
      let inside = rest[(rest.startIndex + 1)..<end]
      guard inside.allSatisfy({ $0.hexValue != nil || $0 == Byte.colon || $0 == UInt8(ascii: ".") }) else {
        return false
      }
      rest = rest[(end + 1)...]
    } else {
      let end = rest.firstIndex(of: Byte.colon) ?? rest.endIndex
      let name = rest[..<end]
      guard !name.isEmpty, name.allSatisfy(isNameByte) else { return false }
      rest = rest[end...]
    }
    guard let colon = rest.first else { return true }
    let port = rest.dropFirst()
    return colon == Byte.colon && port.count <= 5 && port.allSatisfy(\.isDigit)
  }

  /// A host without its port; an address of IPv6 keeps its brackets.
  public static func withoutPort(_ text: String) -> String {
    let end = text.utf8.lastIndex { $0 == Byte.colon || $0 == UInt8(ascii: "]") }
    guard let end, text.utf8[end] == Byte.colon else { return text }
    return String(text[..<end])
  }

  /// `unreserved`, `sub-delims` and `%` of RFC 3986.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    if byte.isLetter || byte.isDigit { return true }
    switch byte {
    case 0x21, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x2D, 0x2E, 0x3B, 0x3D, 0x5F, 0x7E: return true
    default: return false
    }
  }
}
