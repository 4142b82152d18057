import HTTPMessages

/// Where the server listens, and how much time and room it gives to a connection.
public struct ServerConfiguration: Sendable {
  /// A name or an address of IPv4 or IPv6.
  public var host: String
  /// The port; 0 lets the system choose one.
  public var port: Int
  /// How large the parts of a request may be.
  public var limits: MessageLimits
  /// Seconds from the first byte of a head to its last; then 408.
  public var headerTimeout: Double
  /// Seconds without another byte of a body; then 408.
  public var bodyTimeout: Double
  /// Seconds that a connection may wait for a request; then it is closed.
  public var idleTimeout: Double
  /// Seconds in which a client takes nothing of a response; then the connection is closed.
  public var writeTimeout: Double
  /// Seconds that a closing connection is still read, so that the client sees the answer.
  public var lingerTimeout: Double
  /// Connections open at once, or fewer where the limit of open files leaves fewer; more get 503.
  public var maxConnections: Int
  /// Event loops, each a thread while it has work.
  public var loops: Int

  /// Makes a configuration; the defaults are those of the service.
  public init(
    host: String = "127.0.0.1", port: Int = 8080, limits: MessageLimits = MessageLimits(),
    headerTimeout: Double = 10, bodyTimeout: Double = 30, idleTimeout: Double = 75, writeTimeout: Double = 30,
    lingerTimeout: Double = 2, maxConnections: Int = 16_384, loops: Int = 2
  ) {
    self.host = host
    self.port = port
    self.limits = limits
    self.headerTimeout = headerTimeout
    self.bodyTimeout = bodyTimeout
    self.idleTimeout = idleTimeout
    self.writeTimeout = writeTimeout
    self.lingerTimeout = lingerTimeout
    self.maxConnections = maxConnections
    self.loops = loops
  }

  /// Seconds between two looks at the deadlines: a tenth of the shortest, within 10 ms and 1 s.
  var sweepInterval: Double {
    let shortest = min(headerTimeout, bodyTimeout, idleTimeout, writeTimeout, lingerTimeout)
    return min(max(shortest / 10, 0.01), 1)
  }
}
