import HTTPMessages

/// Entity tags and the conditions on them (RFC 9110, sections 8.8.3 and 13.1).
enum EntityTag {
  /// The tag of bytes: 64 bits of FNV-1a and their count.
  static func of(_ bytes: [UInt8]) -> String {
    "\"\(String(hash(bytes), radix: 36))-\(String(bytes.count, radix: 36))\""
  }

  /// FNV-1a of 64 bits.
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// A study's tag: weak, because times that pass by themselves change the bytes and not the study.
  static func of(study id: String, revision: Int) -> String { "W/\"\(id.prefix(8).lowercased())-\(revision)\"" }

  /// The revision that `If-Match` asks for; nil where the field is not there or is `*`.
  ///
  /// Throws 412 where it names no tag of the study. Weak comparison is right here: a revision tells all that changes.
  static func revision(
    _ request: HTTPRequest, study id: String, current: Int
  ) throws(APIProblem) -> Int? {
    let values = request.headers.values(of: "If-Match")
    guard !values.isEmpty, values != ["*"] else { return nil }
    guard Conditions.contains(values, of(study: id, revision: current)) else { throw .preconditionFailed }
    return current
  }
}
