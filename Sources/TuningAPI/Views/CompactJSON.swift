import Foundation

/// Looks through JSON that the store wrote, without a tree of values: compact, well-formed, and seldom nested.
struct CompactJSON {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// A member of an object: the bytes between the name's quotation marks, and the value.
  struct Member {
    var name: Bytes
    var value: Bytes
  }

  private let bytes: Bytes
  private var place = 1

  /// Begins after the opening bracket.
  init(_ bytes: Bytes) { self.bytes = bytes }

  /// The next member of an object, or nil after the last.
  mutating func nextMember() -> Member? {
    guard let first = first(), first == UInt8(ascii: "\"") else { return nil }
    let name = string()
    place += 1
    return Member(name: Bytes(rebasing: name.dropFirst().dropLast()), value: value())
  }

  /// The next element of an array, or nil after the last.
  mutating func nextElement() -> Bytes? {
    guard let first = first(), first != UInt8(ascii: "]") else { return nil }
    return value()
  }

  /// Gives the value of each name in an object, in the order of the names; nil where the object lacks it.
  static func values(of object: Bytes, named names: [[UInt8]], _ take: (Bytes?) -> Void) {
    var rest = CompactJSON(object)
    var next = rest.nextMember()
    for name in names {
      if let member = next, same(member.name, name) {
        take(member.value)
        next = rest.nextMember()
      } else {
        // Members are nearly always there, in the order of the names; this finds the others.
        var all = CompactJSON(object)
        var found: Bytes?
        while found == nil, let member = all.nextMember() {
          if same(member.name, name) { found = member.value }
        }
        take(found)
      }
    }
  }

  private static func same(_ text: Bytes, _ name: [UInt8]) -> Bool {
    guard text.count == name.count, let start = text.baseAddress else { return text.count == name.count }
    return memcmp(name, start, name.count) == 0
  }

  /// The first byte of what comes next, behind the comma; nil at the end.
  private mutating func first() -> UInt8? {
    guard place < bytes.count else { return nil }
    if bytes[place] == UInt8(ascii: ",") { place += 1 }
    return place < bytes.count ? bytes[place] : nil
  }

  private mutating func value() -> Bytes {
    let start = place
    var depth = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        _ = string()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return Bytes(rebasing: bytes[start..<place]) }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { return Bytes(rebasing: bytes[start..<place]) }
      default: break
      }
      place += 1
    }
    return Bytes(rebasing: bytes[start..<place])
  }

  /// A string with its quotation marks.
  private mutating func string() -> Bytes {
    let start = place
    place += 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    place = min(place + 1, bytes.count)
    return Bytes(rebasing: bytes[start..<place])
  }
}
