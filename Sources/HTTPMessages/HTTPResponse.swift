/// A response as a handler makes it; the server adds `Date`, framing and connection fields.
public struct HTTPResponse: Sendable {
  /// What follows the head.
  public enum Content: Sendable {
    /// Bytes that are there already.
    case bytes([UInt8])
    /// Bytes that are made while they are sent, of a length that nobody knows.
    case stream(HTTPBodyStream)
  }

  /// The status code.
  public var status: Int
  /// The header fields; `Content-Length`, `Date` and `Connection` are the server's.
  public var headers: HTTPHeaders
  /// The content; for `HEAD` and 304 the server sends the length of bytes alone, and starts no stream.
  public var content: Content

  /// The content's bytes, none where it is a stream; setting replaces the content.
  public var body: [UInt8] {
    get { if case .bytes(let bytes) = content { bytes } else { [] } }
    set { content = .bytes(newValue) }
  }

  /// The stream, where the content is one.
  public var stream: HTTPBodyStream? { if case .stream(let stream) = content { stream } else { nil } }

  /// Makes a response.
  public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    content = .bytes(body)
  }

  /// Makes a response whose body is made while it is sent.
  public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), stream: HTTPBodyStream) {
    self.status = status
    self.headers = headers
    content = .stream(stream)
  }
}
