/// A text from outside, compared by its code points.
///
/// Swift's own `==` takes two strings for equal that differ in Unicode normal form alone: `é` as one code point, and as
/// `e` with an accent behind it. For JSON (RFC 8259, section 8.3; RFC 8785), and for their sender, they are two.
public struct ExactText: Sendable, Hashable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The text as it came.
  public let string: String

  /// Takes a text.
  public init(_ string: String) { self.string = string }

  /// Takes a part of a text.
  public init(_ part: Substring) { string = String(part) }

  public init(stringLiteral value: String) { string = value }

  public var description: String { string }

  public static func == (left: ExactText, right: ExactText) -> Bool { left.string.isExactly(right.string) }

  /// The order of the UTF-8 bytes, which is that of the code points.
  public static func < (left: ExactText, right: ExactText) -> Bool { left.string.isExactlyBefore(right.string) }

  public func hash(into hasher: inout Hasher) { string.hashExactly(into: &hasher) }
}

extension StringProtocol {
  /// Whether both have the same code points.
  public func isExactly(_ other: some StringProtocol) -> Bool {
    let equal = utf8.withContiguousStorageIfAvailable { left in
      other.utf8.withContiguousStorageIfAvailable { right in
        left.count == right.count && left.elementsEqual(right)
      }
    }
    return (equal ?? nil) ?? utf8.elementsEqual(other.utf8)
  }

  /// Whether this comes first in the order of the UTF-8 bytes, which is that of the code points.
  public func isExactlyBefore(_ other: some StringProtocol) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

  /// Feeds the code points to a hasher, for types that hold texts as they are.
  public func hashExactly(into hasher: inout Hasher) {
    let isFed: Void? = utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    if isFed == nil { for byte in utf8 { hasher.combine(byte) } }
    // No UTF-8 has this byte, so that two texts in a row are not taken for their sum.
    hasher.combine(0xFF as UInt8)
  }
}

extension Sequence where Element: StringProtocol {
  /// Whether a text is among these, code point by code point.
  public func containsExactly(_ text: some StringProtocol) -> Bool { contains { $0.isExactly(text) } }
}
