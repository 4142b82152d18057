/// A path with named parts in braces, as the OpenAPI description writes it, taken apart once.
struct PathTemplate: Sendable {
  private enum Segment {
    case plain(String)
    case named(String)
  }

  let text: String
  private let segments: [Segment]

  init(_ text: String) {
    self.text = text
    segments = Self.segments(of: text).map {
      $0.hasPrefix("{") ? .named(String($0.dropFirst().dropLast())) : .plain(String($0))
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
    for case (.plain(let expected), let part) in zip(segments, path) where expected != part { return nil }
    var parts: [String: String] = [:]
    for case (.named(let name), let part) in zip(segments, path) { parts[name] = String(part) }
    return parts
  }
}
