/// Percent-encoded text (RFC 3986, section 2.1).
public enum PercentDecoding {
  /// The text of some bytes; nil for an escape without two digits, for NUL, and for what is not UTF-8.
  public static func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool = false) -> String? {
    let isPlain = !bytes.contains { byte in
      byte == Byte.percent || byte >= 0x80 || byte == 0 || (plusIsSpace && byte == UInt8(ascii: "+"))
    }
    if isPlain { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var rest = bytes.makeIterator()
    while let byte = rest.next() {
      if byte == Byte.percent {
        guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else { return nil }
        result.append(high << 4 | low)
      } else {
        result.append(plusIsSpace && byte == UInt8(ascii: "+") ? Byte.space : byte)
      }
    }
    guard !result.contains(0) else { return nil }
    return String(validating: result, as: UTF8.self)
  }

  /// The path with its segments decoded; a slash that was escaped stays `%2F`, so that it parts nothing. Nil as `decode`.
  static func path(_ bytes: some Collection<UInt8>) -> String? {
    if !bytes.contains(Byte.percent) { return decode(bytes) }
    var segments: [String] = []
    for segment in bytes.split(separator: Byte.slash, omittingEmptySubsequences: false) {
      guard let text = decode(segment) else { return nil }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      segments.append(parts.joined(separator: "%2F"))
    }
    return segments.joined(separator: "/")
  }

  /// The pairs of a query in order, `+` as space; nil where one cannot be decoded.
  static func query(_ bytes: some BidirectionalCollection<UInt8>) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      guard let name = decode(pair[..<equals], plusIsSpace: true),
        let value = decode(pair[equals...].dropFirst(), plusIsSpace: true)
      else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }
}
