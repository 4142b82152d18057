/// A request line, taken apart and decoded.
struct RequestLine {
  var method: String
  var target: String
  var path: String
  var query: [(name: String, value: String)]
  var minorVersion: Int
  /// The host and port of a target in absolute form.
  var authority: String?

  /// Reads `method SP request-target SP HTTP-version` (RFC 9112, section 3).
  init(_ line: Slice<UnsafeBufferPointer<UInt8>>, limits: MessageLimits) throws(MessageFault) {
    let malformed = MessageFault(400, "The request line must be a method, a target and HTTP/1.1, one space between.")
    guard let first = line.firstIndex(of: Byte.space), let last = line.lastIndex(of: Byte.space), first < last else {
      throw malformed
    }
    let name = line[..<first]
    guard !name.isEmpty, name.allSatisfy(\.isToken) else {
      throw MessageFault(400, "The method contains characters that are not allowed in a method.")
    }
    minorVersion = try Self.minorVersion(line[(last + 1)...])
    let bytes = line[(first + 1)..<last]
    guard bytes.count <= limits.targetBytes else {
      throw MessageFault(414, "The request target is longer than the limit of \(limits.targetBytes) bytes.")
    }
    guard !bytes.isEmpty, !bytes.contains(Byte.space) else { throw malformed }
    guard bytes.allSatisfy({ $0 > Byte.space && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
      throw MessageFault(400, "The request target contains characters that must be percent-encoded.")
    }
    method = String(decoding: name, as: UTF8.self)
    if bytes.count == 1, bytes.first == UInt8(ascii: "*"), method == "OPTIONS" {
      (target, path, query) = ("*", "/", [])
      return
    }
    if method == "CONNECT", bytes.first != Byte.slash, HostName.isValid(bytes) {
      throw MessageFault(501, "This server is not a proxy: it does not know CONNECT.")
    }
    let (host, origin) = try Self.originForm(bytes)
    authority = host.map { String(decoding: $0, as: UTF8.self) }
    let mark = origin.firstIndex(of: UInt8(ascii: "?")) ?? origin.endIndex
    guard let decodedPath = PercentDecoding.path(origin[..<mark]) else {
      throw MessageFault(
        400, "The path contains a percent escape without two hexadecimal digits, or that is not UTF-8.")
    }
    guard let decodedQuery = PercentDecoding.query(origin[mark...].dropFirst()) else {
      throw MessageFault(
        400, "The query contains a percent escape without two hexadecimal digits, or that is not UTF-8.")
    }
    let slash = decodedPath.utf8.first == Byte.slash ? "" : "/"
    let text = String(decoding: origin, as: UTF8.self)
    target = slash.isEmpty ? text : slash + text
    path = slash.isEmpty ? decodedPath : slash + decodedPath
    query = decodedQuery
  }

  private static func minorVersion(_ text: Slice<UnsafeBufferPointer<UInt8>>) throws(MessageFault) -> Int {
    let start = text.startIndex
    guard text.count == 8, text.starts(with: "HTTP/".utf8), text[start + 6] == UInt8(ascii: "."),
      text[start + 5].isDigit, text[start + 7].isDigit
    else {
      throw MessageFault(400, "The request line must end with the version, HTTP/1.1.")
    }
    guard text[start + 5] == 0x31 else {
      throw MessageFault(505, "This server speaks only HTTP/1.1 and HTTP/1.0.")
    }
    // A higher minor version is served as the highest that is known (RFC 9110, section 2.5).
    return min(1, Int(text[start + 7] - 0x30))
  }

  /// The authority, and the path and query, of a target in origin form or absolute form; the second is empty or a bare
  /// query where the absolute form has no path.
  private static func originForm(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>
  ) throws(MessageFault) -> (Slice<UnsafeBufferPointer<UInt8>>?, Slice<UnsafeBufferPointer<UInt8>>) {
    if bytes.first == Byte.slash { return (nil, bytes) }
    let wrong = MessageFault(400, "The request target must begin with a slash, or with http:// and a host.")
    guard let colon = bytes.firstIndex(of: Byte.colon) else { throw wrong }
    let scheme = String(decoding: bytes[..<colon], as: UTF8.self)
    let rest = bytes[colon...].dropFirst()
    guard HTTPHeaders.same(scheme, "http") || HTTPHeaders.same(scheme, "https"), rest.starts(with: "//".utf8) else {
      throw wrong
    }
    let authority = rest.dropFirst(2)
    let end = authority.firstIndex { $0 == Byte.slash || $0 == UInt8(ascii: "?") } ?? authority.endIndex
    guard HostName.isValid(authority[..<end]) else { throw wrong }
    return (authority[..<end], authority[end...])
  }
}
