import ExactText

/// A place in a JSON value (RFC 6901); places whose names differ in a code point are two.
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
  /// The pointer's text: empty for the whole value, else `/parameters/units_1/values/2`.
  public private(set) var text: String

  /// The whole value.
  public static let root = JSONPointer(text: "")

  private init(text: String) { self.text = text }

  public var description: String { text }

  public static func == (left: JSONPointer, right: JSONPointer) -> Bool { left.text.isExactly(right.text) }

  public func hash(into hasher: inout Hasher) { text.hashExactly(into: &hasher) }

  /// The member of a name.
  public func appending(_ name: String) -> JSONPointer { JSONPointer(text: text + "/" + Self.escape(name)) }

  /// The element of an index, from 0.
  public func appending(_ index: Int) -> JSONPointer { JSONPointer(text: "\(text)/\(index)") }

  /// A member's name as a pointer writes it: `~` is `~0` and `/` is `~1`.
  public static func escape(_ name: String) -> String {
    var escaped = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
