/// Bytes that are given once.
///
/// `@unchecked Sendable`: a body has one reader at a time.
final class OnePiece: @unchecked Sendable {
  private var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func take() -> [UInt8]? {
    defer { bytes = [] }
    return bytes.isEmpty ? nil : bytes
  }
}

/// A body that is read while it comes in; the client waits while its reader does not read.
public struct HTTPBodyReader: Sendable {
  private let take: @Sendable () async throws -> [UInt8]?

  /// Makes a reader of what a closure gives, nil at the end.
  public init(_ take: @escaping @Sendable () async throws -> [UInt8]?) { self.take = take }

  /// The next bytes, never none; nil at the end of the body. The first call tells a client that waits to send on.
  ///
  /// Throws `MessageFault` where the body is broken, late or too large: its `response` is what the client should get.
  /// Throws `CancellationError` where the client is gone or the request was answered already. One caller at a time.
  public func next() async throws -> [UInt8]? { try await take() }
}
