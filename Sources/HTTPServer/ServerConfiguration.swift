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
  /// Bytes a second below which a client is too slow, of its body (then 408) as of an answer (then it is closed); 0 lets
  /// every client take its time.
  public var minimumRate: Int
  /// Seconds over which the rate of a body is taken; that of an answer is taken over `writeTimeout`.
  public var rateWindow: Double
  /// Seconds that a connection may wait for a request; then it is closed.
  public var idleTimeout: Double
  /// Seconds in which a client takes nothing of a response, or less than the rate; then the connection is closed.
  public var writeTimeout: Double
  /// Seconds that a closing connection is still read, so that the client sees the answer.
  public var lingerTimeout: Double
  /// Connections open at once, or fewer where the limit of open files leaves fewer; more get 503.
  public var maxConnections: Int
  /// Bytes that all connections may hold of requests and unsent answers; beyond it answers are refused with 503, and
  /// clients that do not take theirs are closed.
  public var memory: Int
  /// Seconds that a client which takes nothing of its answer is waited for while memory is short; a fifth of that where it
  /// reads a stream and nothing is left.
  public var patience: Double
  /// Event loops, each a thread while it has work.
  public var loops: Int

  /// Makes a configuration; the defaults are those of the service.
  public init(
    host: String = "127.0.0.1", port: Int = 8080, limits: MessageLimits = MessageLimits(),
    headerTimeout: Double = 10, bodyTimeout: Double = 30, minimumRate: Int = 256, rateWindow: Double = 10,
    idleTimeout: Double = 75, writeTimeout: Double = 30, lingerTimeout: Double = 2, maxConnections: Int = 16_384,
    memory: Int = 128 << 20, patience: Double = 5, loops: Int = 2
  ) {
    self.host = host
    self.port = port
    self.limits = limits
    self.headerTimeout = headerTimeout
    self.bodyTimeout = bodyTimeout
    self.minimumRate = minimumRate
    self.rateWindow = rateWindow
    self.idleTimeout = idleTimeout
    self.writeTimeout = writeTimeout
    self.lingerTimeout = lingerTimeout
    self.maxConnections = maxConnections
    self.memory = memory
    self.patience = patience
    self.loops = loops
  }

  /// Seconds between two looks at the deadlines: a tenth of the shortest, within 10 ms and 1 s.
  var sweepInterval: Double {
    let shortest = min(headerTimeout, bodyTimeout, rateWindow, idleTimeout, writeTimeout, lingerTimeout, patience)
    return min(max(shortest / 10, 0.01), 1)
  }
}
