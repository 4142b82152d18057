/// A path with named parts in braces, as the OpenAPI description writes it, taken apart once.
struct PathTemplate: Sendable {
  private enum Segment {
    case plain([UInt8])
    /// Any text before a suffix, which may be empty.
    case named(String, suffix: [UInt8])
  }

  let text: String
  private let segments: [Segment]

  init(_ text: String) {
    self.text = text
    segments = text.split(separator: "/", omittingEmptySubsequences: false).map { segment in
      guard segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") else { return .plain(Array(segment.utf8)) }
      return .named(
        String(segment[..<end].dropFirst()), suffix: Array(segment[segment.index(after: end)...].utf8))
    }
  }

  /// How many segments a path of this form has.
  var count: Int { segments.count }

  /// The named parts of a path that has this form, or nil.
  func match(_ path: PathSegments) -> [String: String]? {
    guard segments.count == path.count else { return nil }
    for (place, segment) in segments.enumerated() {
      let part = path[place]
      switch segment {
      case .plain(let expected): if !part.elementsEqual(expected) { return nil }
      case .named(_, let suffix): if !suffix.isEmpty, !part.hasSuffix(suffix) { return nil }
      }
    }
    var parts: [String: String] = [:]
    for (place, segment) in segments.enumerated() {
      if case .named(let name, let suffix) = segment {
        parts[name] = String(decoding: path[place].dropLast(suffix.count), as: UTF8.self)
      }
    }
    return parts
  }
}

/// The bytes of a path, cut at its slashes; a slash at its end leads to an empty segment.
struct PathSegments: Sendable {
  private let bytes: [UInt8]
  /// Where each segment ends.
  private var ends: [Int] = []

  init(_ path: String) {
    bytes = Array(path.utf8)
    ends.reserveCapacity(8)
    for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") { ends.append(place) }
    ends.append(bytes.count)
  }

  var count: Int { ends.count }

  subscript(place: Int) -> ArraySlice<UInt8> { bytes[(place == 0 ? 0 : ends[place - 1] + 1)..<ends[place]] }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool {
    count >= suffix.count && self[(endIndex - suffix.count)...].elementsEqual(suffix)
  }
}
