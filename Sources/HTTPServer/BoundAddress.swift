/// The address at which a server can be reached.
public struct BoundAddress: Sendable, Equatable, CustomStringConvertible {
  /// The address in numbers.
  public var host: String
  /// The port, never 0.
  public var port: Int

  /// Makes an address.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `host:port`, an address of IPv6 in brackets.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
