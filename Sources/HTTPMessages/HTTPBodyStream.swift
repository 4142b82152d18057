/// A body that is made while it is sent.
public struct HTTPBodyStream: Sendable {
  /// Makes the body: called once, on a task that is cancelled when the client goes or the server stops.
  ///
  /// Where it throws, the connection is cut without the end of the body, so that nobody takes a part for the whole.
  public let produce: @Sendable (HTTPBodyWriter) async throws -> Void

  /// Makes a stream of what a closure writes.
  public init(_ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void) { self.produce = produce }
}

/// Where a stream writes to.
public struct HTTPBodyWriter: Sendable {
  private let send: @Sendable ([UInt8]) async -> Bool

  /// Makes a writer that hands bytes to a closure, which says whether more is wanted.
  public init(_ send: @escaping @Sendable ([UInt8]) async -> Bool) { self.send = send }

  /// Sends bytes, and returns once the client has room for more; false from when nobody takes any more.
  @discardableResult
  public func write(_ bytes: [UInt8]) async -> Bool { await send(bytes) }
}
