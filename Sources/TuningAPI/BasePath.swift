import HTTPMessages

/// The path below which a proxy shows the service; requests come with it or without, as the proxy leaves it on or not.
public struct BasePath: Sendable {
  /// Begins with a slash and ends without one; empty where there is none.
  public let text: String

  /// No path.
  static let none = BasePath(plain: "")

  private init(plain: String) { text = plain }

  /// Reads a path as it is given; nil where it is none, or would hide the service's own paths.
  public init?(_ given: String) {
    let segments = given.split(separator: "/")
    guard given.isEmpty || given.hasPrefix("/"), segments.first != "v1" else { return nil }
    let isPlain = segments.allSatisfy { segment in
      segment != "." && segment != ".."
        && segment.utf8.allSatisfy { byte in
          (0x61...0x7A).contains(byte | 0x20) && byte != 0x40 || (0x30...0x39).contains(byte)
            || "-._~@".utf8.contains(byte)
        }
    }
    guard isPlain else { return nil }
    text = segments.map { "/\($0)" }.joined()
  }

  /// The path without the base.
  func removed(from path: String) -> String {
    guard !text.isEmpty, path.hasPrefix(text) else { return path }
    let rest = path.dropFirst(text.count)
    return rest.hasPrefix("/") ? String(rest) : rest.isEmpty ? "/" : path
  }

  /// Whether a path is the base itself without a slash behind it.
  func isBare(_ path: String) -> Bool { !text.isEmpty && path == text }

  /// The answer with a `Location` below the base.
  func added(to response: HTTPResponse) -> HTTPResponse {
    guard !text.isEmpty, let location = response.headers["Location"], location.hasPrefix("/") else { return response }
    var response = response
    response.headers["Location"] = text + location
    return response
  }

  /// The path for which a browser sends a session's cookie.
  var cookiePath: String { text.isEmpty ? "/" : text }

  /// Sends a browser to the base with a slash, which relative addresses need.
  static var redirection: HTTPResponse {
    HTTPResponse(status: 308, headers: HTTPHeaders([("Location", "/")]))
  }
}
