/// One header field line (RFC 9112, section 5).
struct FieldLine {
  var name: String
  var value: String

  /// Reads `field-name ":" OWS field-value OWS`; the line holds no control characters.
  init(_ line: Slice<UnsafeBufferPointer<UInt8>>) throws(MessageFault) {
    if let first = line.first, first.isBlank {
      throw MessageFault(400, "A header field may not be folded over two lines.")
    }
    guard let colon = line.firstIndex(of: Byte.colon) else {
      throw MessageFault(400, "A header field has no colon.")
    }
    let nameBytes = line[..<colon]
    if let last = nameBytes.last, last.isBlank {
      throw MessageFault(400, "There is whitespace before the colon of a header field.")
    }
    guard !nameBytes.isEmpty, nameBytes.allSatisfy(\.isToken) else {
      throw MessageFault(
        400, "The name of a header field is empty or contains characters that are not allowed in a name.")
    }
    var start = colon + 1
    var end = line.endIndex
    while start < end, line[start].isBlank { start += 1 }
    while end > start, line[end - 1].isBlank { end -= 1 }
    name = String(decoding: nameBytes, as: UTF8.self)
    value = String(decoding: line[start..<end], as: UTF8.self)
  }
}
