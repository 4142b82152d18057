/// How large the parts of a request may be.
public struct MessageLimits: Sendable, Equatable {
  /// Bytes of the request line and the header section together; more is 431.
  public var headBytes: Int
  /// Header field lines; more is 431.
  public var headerCount: Int
  /// Bytes of the request target; more is 414.
  public var targetBytes: Int
  /// Bytes of the body without its transfer coding; more is 413.
  public var bodyBytes: Int

  /// Makes limits; the defaults are 16 KiB, 100 fields, 8 KiB and 1 MiB.
  public init(headBytes: Int = 16 << 10, headerCount: Int = 100, targetBytes: Int = 8 << 10, bodyBytes: Int = 1 << 20) {
    self.headBytes = headBytes
    self.headerCount = headerCount
    self.targetBytes = targetBytes
    self.bodyBytes = bodyBytes
  }
}
