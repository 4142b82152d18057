/// One header field line (RFC 9112, section 5).
struct FieldLine {
  var name: UnsafeBufferPointer<UInt8>
  var value: UnsafeBufferPointer<UInt8>

  /// Reads `field-name ":" OWS field-value OWS`; the line holds no control characters, and outlives what is read.
  init(_ line: Slice<UnsafeBufferPointer<UInt8>>) throws(MessageFault) {
    let line = UnsafeBufferPointer(rebasing: line)
    if let first = line.first, first.isBlank {
      throw MessageFault(400, "A header field may not be folded over two lines.")
    }
    guard let colon = line.firstIndex(of: Byte.colon) else {
      throw MessageFault(400, "A header field has no colon.")
    }
    if colon > 0, line[colon - 1].isBlank {
      throw MessageFault(400, "There is whitespace before the colon of a header field.")
    }
    name = UnsafeBufferPointer(rebasing: line[..<colon])
    guard !name.isEmpty, name.allSatisfy(\.isToken) else {
      throw MessageFault(
        400, "The name of a header field is empty or contains characters that are not allowed in a name.")
    }
    var start = colon + 1
    var end = line.count
    while start < end, line[start].isBlank { start += 1 }
    while end > start, line[end - 1].isBlank { end -= 1 }
    value = UnsafeBufferPointer(rebasing: line[start..<end])
  }
}
