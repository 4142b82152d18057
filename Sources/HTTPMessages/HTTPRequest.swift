/// A request, its framing removed.
public struct HTTPRequest: Sendable {
  /// The method as sent, case kept (`GET`, `PATCH`).
  public var method: String
  /// The request target as sent, in origin form.
  public var target: String
  /// The target's path, percent-decoded per segment, where an escaped slash stays `%2F`; always begins with `/`.
  public var path: String
  /// The query's pairs in order, percent-decoded, `+` as space.
  public var query: [(name: String, value: String)]
  /// The header fields in the order sent.
  public var headers: HTTPHeaders
  /// The address that the request came from, without its port; empty where it is not known.
  public var peer = ""
  /// The body without its transfer coding; empty where it is streamed.
  public var body: [UInt8]
  /// Reads the body where the server's policy streams it; nil where it was collected.
  public var bodyStream: HTTPBodyReader?

  /// Reads the body however it was taken.
  public var reader: HTTPBodyReader {
    if let bodyStream { return bodyStream }
    let pieces = OnePiece(body)
    return HTTPBodyReader { pieces.take() }
  }

  /// Makes a request; `target` is split and decoded by the parser, so both forms are given.
  public init(
    method: String, target: String, path: String, query: [(name: String, value: String)] = [],
    headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
  ) {
    self.method = method
    self.target = target
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }
}
