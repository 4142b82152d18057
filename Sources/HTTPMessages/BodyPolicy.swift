/// How a server takes the body of a request.
public enum BodyPolicy: Sendable, Equatable {
  /// Whole, before the handler is called; larger than `maximum` bytes is 413. Without a maximum the limit is the server's.
  case collect(maximum: Int? = nil)
  /// Piece by piece, while the handler runs; a declared length above `maximum` bytes is 413 without the handler. Without
  /// a maximum the limit is the server's.
  case stream(maximum: Int? = nil)
}

/// Chooses how the body of a request is taken, by its head.
public typealias BodyPolicyChooser = @Sendable (RequestHead) -> BodyPolicy
