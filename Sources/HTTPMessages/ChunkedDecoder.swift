/// Takes the chunked transfer coding off a body, piece by piece (RFC 9112, section 7.1).
///
/// Extensions and trailers are checked, bounded together by the limit of a head, and dropped.
public struct ChunkedDecoder: Sendable {
  /// What a piece of input led to.
  public enum Outcome: Sendable, Equatable {
    /// All of the piece was used, and more is needed.
    case partial
    /// The body is whole; `consumed` bytes of this piece belong to it.
    case complete(consumed: Int)
    /// The coding is wrong, or a limit was passed.
    case bad(MessageFault)
  }

  private enum State {
    case sizeStart, size, sizeBlank, sizeLineFeed
    case extensionStart, extensionName, extensionNameBlank, extensionValueStart, extensionValue
    case extensionQuoted, extensionQuotedPair, extensionQuotedEnd
    case data, dataReturn, dataLineFeed
    case lineStart, trailerName, trailer, trailerLineFeed, lastLineFeed
  }

  private let limits: MessageLimits
  private var state = State.sizeStart
  private var remaining = 0
  private var total = 0
  private var digits = 0
  private var overhead = 0

  /// Makes a decoder at the first chunk's size.
  public init(limits: MessageLimits = MessageLimits()) { self.limits = limits }

  /// Decodes a piece and appends what it holds of the body.
  public mutating func decode(_ bytes: UnsafeBufferPointer<UInt8>, into body: inout [UInt8]) -> Outcome {
    var position = 0
    do throws(MessageFault) {
      while position < bytes.count {
        if state == .data {
          let count = min(remaining, bytes.count - position)
          body.append(contentsOf: bytes[position..<(position + count)])
          position += count
          remaining -= count
          if remaining == 0 { state = .dataReturn }
          continue
        }
        let whole = state == .lastLineFeed
        try step(bytes[position])
        position += 1
        if whole { return .complete(consumed: position) }
      }
      return .partial
    } catch {
      return .bad(error)
    }
  }

  private mutating func step(_ byte: UInt8) throws(MessageFault) {
    switch state {
    case .sizeStart:
      guard byte.hexValue != nil else { throw Self.wrongSize }
      remaining = 0
      digits = 0
      try addDigit(byte)
      state = .size
    case .size:
      if byte.hexValue != nil { return try addDigit(byte) }
      state = try afterSize(byte)
    case .sizeBlank:
      try spend(400)
      state = try afterSize(byte)
      // Blanks may only lead to an extension.
      if state == .sizeLineFeed { throw Self.wrongSize }
    case .extensionStart, .extensionName, .extensionNameBlank, .extensionValueStart, .extensionValue,
      .extensionQuoted, .extensionQuotedPair, .extensionQuotedEnd:
      try spend(400)
      state = try afterExtension(byte)
    case .sizeLineFeed:
      try expect(byte, Byte.lineFeed)
      total += remaining
      state = remaining == 0 ? .lineStart : .data
    case .dataReturn:
      try expect(byte, Byte.carriageReturn)
      state = .dataLineFeed
    case .dataLineFeed:
      try expect(byte, Byte.lineFeed)
      state = .sizeStart
    case .lineStart:
      if byte == Byte.carriageReturn { return state = .lastLineFeed }
      guard byte.isToken else { throw Self.wrongTrailer }
      try spend(431)
      state = .trailerName
    case .trailerName:
      try spend(431)
      if byte == Byte.colon { return state = .trailer }
      guard byte.isToken else { throw Self.wrongTrailer }
    case .trailer:
      try spend(431)
      if byte == Byte.carriageReturn { state = .trailerLineFeed } else { try refuseControl(byte) }
    case .trailerLineFeed:
      try expect(byte, Byte.lineFeed)
      state = .lineStart
    case .lastLineFeed:
      try expect(byte, Byte.lineFeed)
    case .data:
      preconditionFailure("data is copied in bulk")
    }
  }

  private static let wrongSize = MessageFault(400, "A chunk does not begin with its size in hexadecimal digits.")

  private static let wrongTrailer = MessageFault(400, "A trailer field does not begin with a name and a colon.")

  private func afterSize(_ byte: UInt8) throws(MessageFault) -> State {
    switch byte {
    case Byte.carriageReturn: return .sizeLineFeed
    case Byte.semicolon: return .extensionStart
    case Byte.space, Byte.tab: return .sizeBlank
    default: throw Self.wrongSize
    }
  }

  /// `*( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )` of RFC 9112, section 7.1.1.
  private func afterExtension(_ byte: UInt8) throws(MessageFault) -> State {
    switch (state, byte) {
    case (.extensionStart, _) where byte.isBlank: return .extensionStart
    case (.extensionStart, _) where byte.isToken: return .extensionName
    case (.extensionName, _) where byte.isToken: return .extensionName
    case (.extensionName, Byte.equals), (.extensionNameBlank, Byte.equals): return .extensionValueStart
    case (.extensionValueStart, _) where byte.isBlank: return .extensionValueStart
    case (.extensionValueStart, Byte.quote): return .extensionQuoted
    case (.extensionValueStart, _) where byte.isToken: return .extensionValue
    case (.extensionValue, _) where byte.isToken: return .extensionValue
    case (.extensionQuoted, Byte.quote): return .extensionQuotedEnd
    case (.extensionQuoted, Byte.backslash): return .extensionQuotedPair
    case (.extensionQuoted, _) where !byte.isControl: return .extensionQuoted
    case (.extensionQuotedPair, _) where !byte.isControl: return .extensionQuoted
    case (.extensionName, _) where byte.isBlank: return .extensionNameBlank
    case (.extensionNameBlank, _) where byte.isBlank: return .extensionNameBlank
    case (.extensionValue, _) where byte.isBlank, (.extensionQuotedEnd, _) where byte.isBlank: return .sizeBlank
    case (.extensionName, Byte.semicolon), (.extensionNameBlank, Byte.semicolon), (.extensionValue, Byte.semicolon),
      (.extensionQuotedEnd, Byte.semicolon):
      return .extensionStart
    case (.extensionName, Byte.carriageReturn), (.extensionValue, Byte.carriageReturn),
      (.extensionQuotedEnd, Byte.carriageReturn):
      return .sizeLineFeed
    default:
      throw MessageFault(400, "A chunk extension is not a name, or a name, = and a token or a quoted text.")
    }
  }

  /// Takes a digit of a size; a body over the limit is refused before its chunk is read.
  private mutating func addDigit(_ byte: UInt8) throws(MessageFault) {
    digits += 1
    guard digits <= 16 else { throw Self.wrongSize }
    let (product, overflow) = remaining.multipliedReportingOverflow(by: 16)
    let size = overflow ? .max : product | Int(byte.hexValue ?? 0)
    guard size <= limits.bodyBytes - total else { throw RequestHead.bodyTooLarge(limits) }
    remaining = size
  }

  /// Counts a byte of an extension or a trailer.
  private mutating func spend(_ status: Int) throws(MessageFault) {
    overhead += 1
    guard overhead <= limits.headBytes else {
      throw MessageFault(status, "The extensions and trailers of the chunks are longer than \(limits.headBytes) bytes.")
    }
  }

  private func expect(_ byte: UInt8, _ expected: UInt8) throws(MessageFault) {
    guard byte == expected else { throw MessageFault(400, "A chunk or its size is not followed by CRLF.") }
  }

  private func refuseControl(_ byte: UInt8) throws(MessageFault) {
    guard !byte.isControl else {
      throw MessageFault(400, "A trailer contains a control character.")
    }
  }
}
