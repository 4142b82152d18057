/// Where a service is: scheme, host, port and base path, without a slash at the end.
public struct APIAddress: Sendable, Hashable, CustomStringConvertible {
  /// The address as text.
  public let description: String

  /// Whether the host is this machine's loopback, to which no proxy leads.
  public let isLoopback: Bool

  /// Takes what a person gives; throws with a sentence where it is not an address of a service.
  public init(_ text: String) throws(APIAddressError) {
    let lower = text.lowercased()
    guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
      throw APIAddressError("\"\(text)\" is not a URL; it should begin with http:// or https://")
    }
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw APIAddressError("the URL of the service should have at most 2048 printable ASCII characters")
    }
    guard !text.contains("?"), !text.contains("#") else {
      throw APIAddressError("\"\(text)\" has a query or a fragment; it should end with the path of the service")
    }
    let authority = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)[2].prefix { $0 != "/" }
    guard !authority.isEmpty else { throw APIAddressError("\"\(text)\" names no server") }
    guard !authority.contains("@") else {
      throw APIAddressError("the URL of the service should not contain a user name or password; use a token")
    }
    var path = text[...]
    while path.hasSuffix("/") { path.removeLast() }
    description = String(path)
    isLoopback = Self.isLoopback(String(authority).lowercased())
  }

  private static func isLoopback(_ authority: String) -> Bool {
    if authority.hasPrefix("[::1]") { return true }
    let host = authority.prefix { $0 != ":" }
    return host == "localhost"
      || (host.hasPrefix("127.") && host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E })
  }
}

/// What is wrong with an address, as a sentence without its full stop.
public struct APIAddressError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
