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
    written(response, framing, date: date, body: [])
  }

  /// A whole response in one piece, where its content is bytes.
  public static func message(_ response: HTTPResponse, _ framing: ResponseFraming, date: [UInt8]) -> [UInt8] {
    written(response, framing, date: date, body: sendsBody(response, framing) ? response.body : [])
  }

  private static func written(
    _ response: HTTPResponse, _ framing: ResponseFraming, date: [UInt8], body: [UInt8]
  ) -> [UInt8] {
    let headers = response.headers
    let phrase = StatusPhrase.of(response.status)
    // All fixed texts and both numbers have less than 160 bytes together; each line has four more than its texts.
    let most =
      160 + phrase.utf8.count + date.count + headers.bytes.count + 4 * headers.lines.count + body.count
    return Array(unsafeUninitializedCapacity: most) { buffer, count in
      var out = ByteWriter(buffer)
      out.write("HTTP/1.1 ")
      out.write(response.status)
      out.write(" ")
      for byte in phrase.utf8 { out.write(byte) }
      out.write("\r\nDate: ")
      out.write(date)
      headers.bytes.withUnsafeBufferPointer { text in
        for line in headers.lines {
          let name = UnsafeBufferPointer(rebasing: text[line.start..<line.nameEnd])
          guard !name.isEmpty, !isOwn(name), name.allSatisfy(\.isToken) else { continue }
          out.write("\r\n")
          out.write(name)
          out.write(": ")
          for byte in text[line.nameEnd..<line.end] { out.write(byte.isControl ? Byte.space : byte) }
        }
      }
      if sendsLength(response) {
        out.write("\r\nContent-Length: ")
        out.write(response.body.count)
      }
      if isChunked(response, framing) { out.write("\r\nTransfer-Encoding: chunked") }
      if !framing.keepsAlive {
        out.write("\r\nConnection: close")
      } else if framing.minorVersion == 0 {
        out.write("\r\nConnection: keep-alive")
      }
      out.write("\r\n\r\n")
      out.write(body)
      count = out.count
    }
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

  private static func isOwn(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    switch name.count {
    case 4: isSame(name, "Date")
    case 10: isSame(name, "Connection")
    case 14: isSame(name, "Content-Length")
    case 17: isSame(name, "Transfer-Encoding")
    default: false
    }
  }

  private static func isSame(_ name: UnsafeBufferPointer<UInt8>, _ other: String) -> Bool {
    HTTPHeaders.same(String(decoding: name, as: UTF8.self), other)
  }
}

/// Writes into memory that was reserved; more than it holds traps.
private struct ByteWriter {
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

  mutating func write(_ byte: UInt8) {
    precondition(count < buffer.count)
    (buffer.baseAddress! + count).initialize(to: byte)
    count += 1
  }

  mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    precondition(bytes.count <= buffer.count - count)
    (buffer.baseAddress! + count).initialize(from: start, count: bytes.count)
    count += bytes.count
  }

  mutating func write(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { write($0) } }

  mutating func write(_ text: StaticString) { text.withUTF8Buffer { write($0) } }

  /// Writes a number in decimal.
  mutating func write(_ number: Int) {
    if number < 0 { write(UInt8(ascii: "-")) }
    let start = count
    var rest = number.magnitude
    repeat {
      write(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    var digits = UnsafeMutableBufferPointer(rebasing: buffer[start..<count])
    digits.reverse()
  }
}
