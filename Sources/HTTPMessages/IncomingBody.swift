/// The body of a request on its way in, its framing taken off.
struct IncomingBody: Sendable {
  let head: RequestHead
  /// Whether the client still waits for `100 Continue`, which the first read of a streamed body sends.
  var owesContinue = false
  /// What has come and was not taken.
  private(set) var body: [UInt8] = []
  /// Bytes taken, framing included.
  private(set) var received = 0
  private(set) var isWhole = false
  private var remaining: Int
  private var decoder: ChunkedDecoder

  init(head: RequestHead, limits: MessageLimits) {
    self.head = head
    remaining = if case .length(let length) = head.framing { length } else { 0 }
    decoder = ChunkedDecoder(limits: limits)
  }

  /// Takes what belongs to the body from the front of some input; returns how many bytes that was.
  mutating func take(_ input: ArraySlice<UInt8>) throws(MessageFault) -> Int {
    var used = input.count
    switch head.framing {
    case .none: (used, isWhole) = (0, true)
    case .length:
      used = min(input.count, remaining)
      body.append(contentsOf: input.prefix(used))
      remaining -= used
      isWhole = remaining == 0
    case .chunked:
      switch input.withUnsafeBufferPointer({ decoder.decode($0, into: &body) }) {
      case .bad(let fault): throw fault
      case .partial: break
      case .complete(let consumed): (used, isWhole) = (consumed, true)
      }
    }
    received += used
    return used
  }

  /// Gives what has come since the last call.
  mutating func takePiece() -> [UInt8] {
    defer { body = [] }
    return body
  }
}
