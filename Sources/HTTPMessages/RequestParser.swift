/// Reads the head of a request (RFC 9112): a pure function over the bytes received so far.
public enum RequestParser {
  /// What the bytes hold.
  public enum Outcome: Sendable {
    /// A whole head, and how many bytes it took; the body begins behind them.
    case complete(RequestHead, consumed: Int)
    /// The beginning of a head that may still become a valid one.
    case partial
    /// No head, whatever follows.
    case bad(MessageFault)
  }

  /// How far an earlier call came with the same bytes, so that a slow sender costs no second reading.
  public struct Progress: Sendable, Equatable {
    var lineStart = 0
    var scanned = 0
    var lines = 0

    /// Nothing read yet.
    public init() {}
  }

  /// Reads from the first byte of a request line; the same outcome however the bytes were split.
  public static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, limits: MessageLimits = MessageLimits(), progress: inout Progress
  ) -> Outcome {
    do throws(MessageFault) {
      return try read(bytes, limits, &progress)
    } catch {
      return .bad(error)
    }
  }

  /// Reads bytes in one go.
  public static func parse(_ bytes: [UInt8], limits: MessageLimits = MessageLimits()) -> Outcome {
    var progress = Progress()
    return bytes.withUnsafeBufferPointer { parse($0, limits: limits, progress: &progress) }
  }

  private static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ limits: MessageLimits, _ progress: inout Progress
  ) throws(MessageFault) -> Outcome {
    var draft = Draft()
    let resumed = progress.lines > 0
    let end = min(bytes.count, limits.headBytes)
    while let lineEnd = try nextLineEnd(bytes, end, &progress) {
      let line = bytes[progress.lineStart..<lineEnd]
      if line.isEmpty, progress.lines > 0 {
        if resumed { draft = try Draft(lines: bytes[..<lineEnd], limits) }
        return .complete(try draft.finish(limits), consumed: lineEnd + 2)
      }
      // Each line is judged as soon as it is whole: a wrong one is answered without waiting for the rest.
      try draft.add(line, number: progress.lines, limits)
      progress.lines += 1
      progress.lineStart = lineEnd + 2
      progress.scanned = progress.lineStart
    }
    if bytes.count < limits.headBytes { return .partial }
    throw progress.lines == 0
      ? MessageFault(414, "The request line is longer than the limit of \(limits.headBytes) bytes.")
      : MessageFault(431, "The head is longer than the limit of \(limits.headBytes) bytes.")
  }

  /// Where the next CRLF begins, or nil where none has come yet.
  private static func nextLineEnd(
    _ bytes: UnsafeBufferPointer<UInt8>, _ end: Int, _ progress: inout Progress
  ) throws(MessageFault) -> Int? {
    var position = progress.scanned
    while position < end, !bytes[position].isControl { position += 1 }
    progress.scanned = position
    guard position < end else { return nil }
    guard bytes[position] == Byte.carriageReturn else {
      throw bytes[position] == Byte.lineFeed
        ? MessageFault(400, "A line of the head ends in LF without CR.")
        : MessageFault(400, "The head contains a control character.")
    }
    guard position + 1 < end else { return nil }
    guard bytes[position + 1] == Byte.lineFeed else {
      throw MessageFault(400, "The head contains a CR without LF.")
    }
    return position
  }

  /// The lines read so far.
  private struct Draft {
    var line: RequestLine?
    var headers = HTTPHeaders()

    init() {}

    /// Reads whole lines again, which an earlier call found faultless and did not keep.
    init(lines: Slice<UnsafeBufferPointer<UInt8>>, _ limits: MessageLimits) throws(MessageFault) {
      var start = lines.startIndex
      var number = 0
      while start < lines.endIndex, let end = lines[start...].firstIndex(of: Byte.carriageReturn) {
        try add(lines[start..<end], number: number, limits)
        start = end + 2
        number += 1
      }
    }

    mutating func add(
      _ bytes: Slice<UnsafeBufferPointer<UInt8>>, number: Int, _ limits: MessageLimits
    ) throws(MessageFault) {
      if number == 0 {
        line = try RequestLine(bytes, limits: limits)
        return
      }
      guard number <= limits.headerCount else {
        throw MessageFault(431, "The head has more than \(limits.headerCount) fields.")
      }
      let field = try FieldLine(bytes)
      if number == 1 { headers.reserve(bytes: 256, lines: 8) }
      headers.append(field.name, field.value)
    }

    func finish(_ limits: MessageLimits) throws(MessageFault) -> RequestHead {
      // The line is there: finish is called behind the first line alone.
      try RequestHead(line: line!, headers: headers, limits: limits)
    }
  }
}
