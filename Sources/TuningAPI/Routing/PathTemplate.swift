/// A path with named parts in braces, as the OpenAPI description writes it, taken apart once.
struct PathTemplate: Sendable {
  private enum Segment {
    case plain(String)
    /// Any text before a suffix, which may be empty.
    case named(String, suffix: String)
  }

  let text: String
  private let segments: [Segment]

  init(_ text: String) {
    self.text = text
    segments = Self.segments(of: text).map { segment in
      guard segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") else { return .plain(String(segment)) }
      return .named(
        String(segment[..<end].dropFirst()), suffix: String(segment[segment.index(after: end)...]))
    }
  }

  /// How many segments a path of this form has.
  var count: Int { segments.count }

  /// The segments of a path; a slash at its end leads to an empty one.
  static func segments(of path: String) -> [Substring] {
    path.split(separator: "/", omittingEmptySubsequences: false)
  }

  /// The named parts of a path that has this form, or nil.
  func match(_ path: [Substring]) -> [String: String]? {
    guard segments.count == path.count else { return nil }
    var parts: [String: String] = [:]
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .plain(let expected): if expected != part { return nil }
      case .named(let name, let suffix):
        guard part.hasSuffix(suffix) else { return nil }
        parts[name] = String(part.dropLast(suffix.count))
      }
    }
    return parts
  }
}
