import ExactText
import Foundation
import JSONText

/// Where the next page of a list begins: opaque to callers, and bound to the filters that it was made with.
enum Cursor {
  /// The cursor after a key.
  static func text(_ key: [JSONValue], filters: String) -> String {
    let bytes = Array(JSONValue.array([.string(filters)] + key).text.utf8)
    return Data(check(bytes) + bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
  }

  /// The key that a cursor was made of; nil in the query means the list's beginning.
  static func key(_ query: Query, filters: String) throws(APIProblem) -> [JSONValue]? {
    guard let text = query["after"] else { return nil }
    var base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    let data = Array(Data(base64Encoded: base64) ?? Data())
    let bytes = Array(data.dropFirst(8))
    guard data.count > 8, Array(data[..<8]) == check(bytes), let value = try? JSONValue(parsing: bytes),
      let elements = value.arrayValue, elements.count > 1
    else { throw .notACursor }
    guard elements[0].stringValue?.isExactly(filters) == true else {
      throw .badQuery("after", "after belongs to a list with other filters; begin again without it.")
    }
    return Array(elements.dropFirst())
  }

  /// Eight bytes that tell a cursor of ours from one that was made up or cut; no secret.
  private static func check(_ bytes: [UInt8]) -> [UInt8] {
    let hash = EntityTag.hash(Array("cursor".utf8) + bytes)
    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
  }
}

extension APIProblem {
  static let notACursor = badQuery("after", "after is not a cursor of this list; take `next` of the previous page.")
}
