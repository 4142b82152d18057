/// A request, its framing removed.
///
/// What its head says is shared by all copies, because a request passes through many hands on its way to its answer.
public struct HTTPRequest: Sendable {
  /// What the head says; constant, so that it can be shared.
  private final class Head: Sendable {
    let method: String
    let target: String
    let path: String
    let query: [(name: String, value: String)]
    let headers: HTTPHeaders

    init(method: String, target: String, path: String, query: [(name: String, value: String)], headers: HTTPHeaders) {
      (self.method, self.target, self.path, self.query, self.headers) = (method, target, path, query, headers)
    }
  }

  private var head: Head
  /// The address that the request came from, without its port; empty where it is not known.
  public var peer = ""
  /// The body without its transfer coding; empty where it is streamed.
  public var body: [UInt8]
  /// Reads the body where the server's policy streams it; nil where it was collected.
  public var bodyStream: HTTPBodyReader?

  /// Makes a request; `target` is split and decoded by the parser, so both forms are given.
  public init(
    method: String, target: String, path: String, query: [(name: String, value: String)] = [],
    headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
  ) {
    head = Head(method: method, target: target, path: path, query: query, headers: headers)
    self.body = body
  }

  /// The method as sent, case kept (`GET`, `PATCH`).
  public var method: String { head.method }
  /// The request target as sent, in origin form.
  public var target: String { head.target }
  /// The query's pairs in order, percent-decoded, `+` as space.
  public var query: [(name: String, value: String)] { head.query }

  /// The target's path, percent-decoded per segment, where an escaped slash stays `%2F`; always begins with `/`.
  public var path: String {
    get { head.path }
    set { head = Head(method: method, target: target, path: newValue, query: query, headers: headers) }
  }

  /// The header fields in the order sent.
  public var headers: HTTPHeaders {
    get { head.headers }
    set { head = Head(method: method, target: target, path: path, query: query, headers: newValue) }
  }

  /// Whether the method asks for no change (RFC 9110, section 9.2.1).
  public var onlyReads: Bool { method == "GET" || method == "HEAD" || method == "OPTIONS" }

  /// Reads the body however it was taken.
  public var reader: HTTPBodyReader {
    if let bodyStream { return bodyStream }
    let pieces = OnePiece(body)
    return HTTPBodyReader { pieces.take() }
  }
}
