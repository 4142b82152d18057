/// How a response must be framed for the request that it answers.
public struct ResponseFraming: Sendable, Equatable {
  /// Whether the request's method was `HEAD`: the head is sent alone.
  public var isHead: Bool
  /// Whether the connection stays open for another request.
  public var keepsAlive: Bool
  /// The request's minor version; HTTP/1.0 must be told that a connection stays open.
  public var minorVersion: Int

  /// Makes a framing.
  public init(isHead: Bool = false, keepsAlive: Bool = true, minorVersion: Int = 1) {
    self.isHead = isHead
    self.keepsAlive = keepsAlive
    self.minorVersion = minorVersion
  }
}

/// Turns responses into bytes.
public enum ResponseWriter {
  /// The interim response of RFC 9110, section 15.2.1.
  public static let continueBytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  /// The head of a response, up to and with its empty line; `date` is an IMF-fixdate.
  ///
  /// The handler's own `Content-Length`, `Date`, `Connection` and `Transfer-Encoding` are dropped, and so
  /// is a field whose name is no token; control characters in values become spaces.
  public static func head(_ response: HTTPResponse, _ framing: ResponseFraming, date: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256)
    bytes += "HTTP/1.1 \(response.status) ".utf8
    bytes += StatusPhrase.of(response.status).utf8
    bytes += "\r\nDate: ".utf8
    bytes += date
    for field in response.headers.fields where !isOwn(field.name) {
      let name = field.name.utf8
      guard !name.isEmpty, name.allSatisfy(\.isToken) else { continue }
      bytes += "\r\n".utf8
      bytes += name
      bytes += ": ".utf8
      for byte in field.value.utf8 { bytes.append(byte.isControl ? Byte.space : byte) }
    }
    if sendsLength(response) { bytes += "\r\nContent-Length: \(response.body.count)".utf8 }
    if isChunked(response, framing) { bytes += "\r\nTransfer-Encoding: chunked".utf8 }
    if !framing.keepsAlive {
      bytes += "\r\nConnection: close".utf8
    } else if framing.minorVersion == 0 {
      bytes += "\r\nConnection: keep-alive".utf8
    }
    bytes += "\r\n\r\n".utf8
    return bytes
  }

  /// Whether the body follows the head.
  public static func sendsBody(_ response: HTTPResponse, _ framing: ResponseFraming) -> Bool {
    !framing.isHead && response.status >= 200 && response.status != 204 && response.status != 304
  }

  /// Whether the body goes out in chunks: a stream does, but to HTTP/1.0, where the end of the connection ends it.
  public static func isChunked(_ response: HTTPResponse, _ framing: ResponseFraming) -> Bool {
    response.stream != nil && framing.minorVersion > 0 && sendsBody(response, framing)
  }

  /// The line before the bytes of a chunk; CRLF follows them.
  public static func chunkHead(_ count: Int) -> [UInt8] { Array("\(String(count, radix: 16))\r\n".utf8) }

  /// What ends a body in chunks.
  public static let lastChunk = Array("0\r\n\r\n".utf8)

  /// A 304 may tell the length that a 200 would have; an empty body says nothing about it.
  private static func sendsLength(_ response: HTTPResponse) -> Bool {
    response.stream == nil && response.status >= 200 && response.status != 204
      && !(response.status == 304 && response.body.isEmpty)
  }

  private static func isOwn(_ name: String) -> Bool {
    switch name.utf8.count {
    case 4: HTTPHeaders.same(name, "Date")
    case 10: HTTPHeaders.same(name, "Connection")
    case 14: HTTPHeaders.same(name, "Content-Length")
    case 17: HTTPHeaders.same(name, "Transfer-Encoding")
    default: false
    }
  }
}
