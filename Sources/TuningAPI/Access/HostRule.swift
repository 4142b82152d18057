import Foundation
import HTTPMessages

/// Which names a request may call the service by where no token guards it: a page whose own name was made to lead to this
/// machine would else be taken for the service's (DNS rebinding).
public struct HostRule: Sendable {
  private let names: Set<String>

  /// The names of this machine itself, and more; these are given without a port.
  public init(adding names: [String]) {
    self.names = Set(["localhost", "127.0.0.1", "[::1]"] + names.map(Self.plain))
  }

  /// The name in a text that is a host with or without a port; nil where it is none.
  public static func name(in text: String) -> String? {
    HostName.isValid(text.utf8) ? plain(HostName.withoutPort(text)) : nil
  }

  /// Throws 421 where the request names another host. One without a name comes from no page.
  func check(_ request: HTTPRequest) throws(APIProblem) {
    guard let field = request.headers["Host"] else { return }
    let name = Self.plain(HostName.withoutPort(field))
    guard !names.contains(name), !Self.isLoopback(name) else { return }
    throw .otherHost(field)
  }

  /// In small letters, without the dot of a name that is complete.
  private static func plain(_ name: String) -> String {
    let isPlain = !name.utf8.contains { (0x41...0x5A).contains($0) || $0 >= 0x80 }
    let lower = isPlain ? name : name.lowercased()
    return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
  }

  /// Whether a text is an address of this machine alone: `127.0.0.0/8` or `[::1]`.
  private static func isLoopback(_ name: String) -> Bool {
    var four = in_addr()
    // Four numbers in decimal, and nothing that looks like it.
    if inet_pton(AF_INET, name, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    guard name.hasPrefix("["), name.hasSuffix("]") else { return false }
    var six = in6_addr()
    guard inet_pton(AF_INET6, String(name.dropFirst().dropLast()), &six) == 1 else { return false }
    return withUnsafeBytes(of: six) { $0.dropLast().allSatisfy { $0 == 0 } && $0[15] == 1 }
  }
}

extension APIProblem {
  static func otherHost(_ host: String) -> APIProblem {
    let shown = host.count > 64 ? host.prefix(64) + "…" : host[...]
    let named = host.isEmpty ? "The request names no host" : "The request is for the host \"\(shown)\""
    return APIProblem(
      status: 421,
      detail: "\(named); without a token this service is localhost, 127.0.0.1 and [::1] alone. "
        + "Start it with --allowed-host to add a name, or with a token.")
  }
}
