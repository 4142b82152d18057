/// What a request's head says, checked: the request line, the fields, and how the body is framed.
public struct RequestHead: Sendable {
  /// How the length of the body is known (RFC 9112, section 6.3).
  public enum BodyFraming: Sendable, Equatable {
    /// No body.
    case none
    /// This many bytes, at least 1 and within the limit.
    case length(Int)
    /// The chunked transfer coding.
    case chunked
  }

  /// The method, case kept.
  public var method: String
  /// The target in origin form, or `*`.
  public var target: String
  /// The decoded path; `/` for the target `*`.
  public var path: String
  /// The decoded pairs of the query.
  public var query: [(name: String, value: String)]
  /// The header fields.
  public var headers: HTTPHeaders
  /// 0 or 1, of `HTTP/1.0` and `HTTP/1.1`.
  public var minorVersion: Int
  /// How the body is framed.
  public var framing: BodyFraming
  /// Whether the connection may serve another request.
  public var keepsAlive: Bool
  /// Whether the client waits for `100 Continue` before it sends the body.
  public var expectsContinue: Bool

  /// Judges a request line and its fields together.
  init(line: RequestLine, headers: HTTPHeaders, limits: MessageLimits) throws(MessageFault) {
    method = line.method
    target = line.target
    path = line.path
    query = line.query
    minorVersion = line.minorVersion
    self.headers = headers
    try Self.checkHost(headers.values(of: "Host"), minorVersion: line.minorVersion)
    // The authority of the target takes the field's place (RFC 9112, section 3.2.2).
    if let authority = line.authority { self.headers["Host"] = authority }
    framing = try Self.framing(of: headers, minorVersion: line.minorVersion)
    expectsContinue = false
    // An HTTP/1.0 client knows no expectations; what it sends is ignored (RFC 9110, section 10.1.1).
    if line.minorVersion == 1 {
      for expectation in headers.values(of: "Expect") {
        guard HTTPHeaders.same(expectation, "100-continue") else {
          throw MessageFault(417, "The only expectation that this server supports is 100-continue.")
        }
        expectsContinue = framing != .none
      }
    }
    if case .length(let length) = framing, length > limits.bodyBytes { throw Self.bodyTooLarge(limits) }
    let connection = headers.values(of: "Connection")
    if connection.isEmpty {
      keepsAlive = minorVersion == 1
      return
    }
    let options = connection.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
      .map { String($0)!.trimmingBlanks() }
    let closes = options.contains { HTTPHeaders.same($0, "close") }
    keepsAlive = !closes && (minorVersion == 1 || options.contains { HTTPHeaders.same($0, "keep-alive") })
  }

  static func bodyTooLarge(_ limits: MessageLimits) -> MessageFault {
    MessageFault(413, "The body is larger than the limit of \(limits.bodyBytes) bytes.")
  }

  private static func framing(of headers: HTTPHeaders, minorVersion: Int) throws(MessageFault) -> BodyFraming {
    let lengths = headers.values(of: "Content-Length")
    let codings = headers.values(of: "Transfer-Encoding")
    if !codings.isEmpty {
      // Two ways to say where the body ends are how requests are smuggled past a proxy.
      guard lengths.isEmpty else {
        throw MessageFault(400, "Content-Length and Transfer-Encoding must not appear together.")
      }
      guard minorVersion == 1 else { throw MessageFault(400, "HTTP/1.0 has no Transfer-Encoding.") }
      try checkCodings(codings.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }.map(String.init(_:)))
      return .chunked
    }
    guard let text = lengths.first else { return .none }
    guard lengths.count == 1 else { throw MessageFault(400, "Content-Length appears more than once.") }
    guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else {
      throw MessageFault(400, "Content-Length must be a number of digits only.")
    }
    // Digits alone fail to convert only where the number is beyond Int, and so beyond every limit.
    let length = Int(text) ?? .max
    return length == 0 ? .none : .length(length)
  }

  /// Throws where the transfer codings are other than chunked alone (RFC 9112, sections 6.1 and 6.3).
  private static func checkCodings(_ list: [String?]) throws(MessageFault) {
    let codings = list.map { ($0 ?? "").trimmingBlanks() }.filter { !$0.isEmpty }
    let isChunked = codings.map { HTTPHeaders.same($0, "chunked") }
    guard !codings.isEmpty else { throw MessageFault(400, "Transfer-Encoding is empty.") }
    // Nobody knows where a body ends that is encoded once more after it was cut into chunks.
    guard !isChunked.dropLast().contains(true) else {
      throw MessageFault(400, "chunked is not the last transfer coding, or is applied twice.")
    }
    guard isChunked == [true] else {
      throw MessageFault(501, "The only transfer coding that this server knows is chunked.")
    }
  }

  private static func checkHost(_ hosts: [String], minorVersion: Int) throws(MessageFault) {
    guard hosts.count <= 1 else { throw MessageFault(400, "Host appears more than once.") }
    guard let host = hosts.first else {
      if minorVersion == 0 { return }
      throw MessageFault(400, "An HTTP/1.1 request needs a Host field.")
    }
    // A target without an authority has an empty field (RFC 9110, section 7.2); whose it is, the handler judges.
    guard host.isEmpty || HostName.isValid(host.utf8) else {
      throw MessageFault(400, "Host is not a name or address with a port.")
    }
  }
}

extension String {
  /// The text without spaces and tabs at its ends.
  func trimmingBlanks() -> String {
    var rest = utf8[...]
    while let first = rest.first, first.isBlank { rest.removeFirst() }
    while let last = rest.last, last.isBlank { rest.removeLast() }
    return String(Substring(rest))
  }
}
