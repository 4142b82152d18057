/// What answers requests: never throws, and answers every request.
public typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse

/// What answers requests, or says what will: asked on the thread that serves the connection, so that it must be quick.
public typealias HTTPAnswerer = @Sendable (HTTPRequest) -> HTTPAnswer

/// An answer, or the work that makes it.
public enum HTTPAnswer: Sendable {
  /// The answer is known.
  case now(HTTPResponse)
  /// The answer takes work, or waits for something.
  case later(@Sendable () async -> HTTPResponse)

  /// The answer, however it is made.
  public var response: HTTPResponse {
    get async {
      switch self {
      case .now(let response): response
      case .later(let make): await make()
      }
    }
  }
}
