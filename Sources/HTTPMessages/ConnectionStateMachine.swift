/// The life of one server connection without its socket: events in, actions out.
///
/// One request is answered at a time, in order; what a client pipelines waits in the buffer, and
/// once that is full, in the kernel's.
public struct ConnectionStateMachine: Sendable {
  /// What the owner of the socket must do, in order.
  public enum Action: Sendable {
    /// Write `100 Continue`.
    case sendContinue
    /// Hand the request to the handler, and call `respond` with its answer.
    case deliver(HTTPRequest)
    /// Hand the request to the handler with a reader of its body, and call `respond` with its answer. Of the three
    /// actions that follow, the first may come often, and one of the others comes last unless `respond` comes before.
    case open(HTTPRequest)
    /// Give bytes to the reader.
    case body([UInt8])
    /// Tell the reader that the body is whole.
    case endBody
    /// Tell the reader that nothing more of the body will come.
    case failBody(MessageFault)
    /// Write a response, and call `written` when all of it has gone out.
    case send(HTTPResponse, ResponseFraming)
    /// Start a stream, write what it makes, and call `endStream` when it has ended.
    case startStream(HTTPBodyStream, isChunked: Bool)
    /// Stop the stream; nothing tells the client that its body is whole.
    case cutStream
    /// When all is written: end the sending side, read on for a while, close.
    case closeWhenWritten
    /// Close at once.
    case close
  }

  /// What the connection waits for; the deadline begins anew whenever it changes.
  public enum Waiting: Sendable, Equatable {
    /// The first byte of a request.
    case request
    /// The rest of a head.
    case head
    /// More of a body; how many bytes of it have come.
    case body(received: Int)
    /// The handler or the socket.
    case answer
    /// The end of the connection.
    case end
  }

  private enum Phase { case head, body, answering, streaming, sending, closing }

  /// Pipelined bytes kept while a request is answered; reading stops above it.
  static let pipelineBytes = 64 << 10

  private let limits: MessageLimits
  private let bodyPolicy: BodyPolicyChooser
  private var phase = Phase.head
  private var buffer: [UInt8] = []
  private var start = 0
  private var progress = RequestParser.Progress()
  /// Outside the phase, so that the body grows in place.
  private var incoming: IncomingBody?
  /// Whether the client still waits for `100 Continue`, which the first read of a streamed body sends.
  private var owesContinue = false
  private var framing = ResponseFraming()
  private var inputEnded = false
  private var stopping = false

  /// Makes the machine of a connection that was just accepted.
  public init(limits: MessageLimits = MessageLimits(), bodyPolicy: @escaping BodyPolicyChooser = { _ in .collect() }) {
    self.limits = limits
    self.bodyPolicy = bodyPolicy
  }

  /// Whether more input can be taken now.
  public var wantsInput: Bool {
    !inputEnded && phase != .closing && buffer.count - start < Self.pipelineBytes
  }

  /// What the connection waits for.
  public var waiting: Waiting {
    switch phase {
    case .head: start == buffer.count ? .request : .head
    case .body: .body(received: incoming?.received ?? 0)
    case .answering where incoming != nil && !owesContinue: .body(received: incoming?.received ?? 0)
    case .answering, .streaming, .sending: .answer
    case .closing: .end
    }
  }

  /// Bytes of a request that are kept until it is whole or its turn comes.
  public var held: Int { buffer.count + (incoming?.body.count ?? 0) }

  /// Bytes came in.
  public mutating func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> [Action] {
    guard phase != .closing, !inputEnded else { return [] }
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
    return advance()
  }

  /// The client sends no more; it may still read.
  public mutating func endInput() -> [Action] {
    guard phase != .closing, !inputEnded else { return [] }
    inputEnded = true
    return advance()
  }

  /// The reader of a streamed body reads.
  public mutating func readsBody() -> [Action] {
    guard owesContinue, phase == .answering else { return [] }
    owesContinue = false
    return [.sendContinue]
  }

  /// The handler's answer to the request delivered last.
  public mutating func respond(_ response: HTTPResponse) -> [Action] {
    guard phase == .answering else { return [] }
    // Where a body is left unread, nobody knows where the next request begins.
    if incoming != nil { endInputEarly() }
    if stopping || (inputEnded && start == buffer.count) { framing.keepsAlive = false }
    if let stream = response.stream, ResponseWriter.sendsBody(response, framing) {
      return begin(stream, of: response)
    }
    phase = framing.keepsAlive ? .sending : .closing
    return framing.keepsAlive ? [.send(response, framing)] : [.send(response, framing), .closeWhenWritten]
  }

  private mutating func begin(_ stream: HTTPBodyStream, of response: HTTPResponse) -> [Action] {
    // A stream may have no end of its own: a server that stops begins none.
    if stopping { return fail(Self.stopped) }
    if framing.minorVersion == 0 { framing.keepsAlive = false }
    phase = .streaming
    return [
      .send(response, framing),
      .startStream(stream, isChunked: ResponseWriter.isChunked(response, framing)),
    ]
  }

  private static let stopped: HTTPResponse = {
    var response = MessageFault(503, "The server is stopping; try again soon.").response
    response.headers["Retry-After"] = "1"
    return response
  }()

  /// The stream has ended, and all of it waits to be written; where it is not whole, the connection ends with it.
  public mutating func endStream(isWhole: Bool) -> [Action] {
    guard phase == .streaming else { return [] }
    phase = framing.keepsAlive && isWhole ? .sending : .closing
    return phase == .sending ? [] : [.closeWhenWritten]
  }

  /// All that was to be sent has gone out.
  public mutating func written() -> [Action] {
    guard phase == .sending else { return [] }
    phase = .head
    return advance()
  }

  /// What the connection waits for did not come in time.
  public mutating func timeOut() -> [Action] {
    switch waiting {
    case .request: return close()
    case .head: return fail(MessageFault(408, "The head of the request did not come in time."))
    case .body: return failBody(MessageFault(408, "The body of the request did not come in time."))
    case .answer, .end: return []
    }
  }

  /// Memory is short: a request that is still coming in, to be kept until it is whole, is refused.
  public mutating func shed(_ response: HTTPResponse) -> [Action] {
    switch phase {
    case .head: waiting == .head ? fail(response) : []
    case .body: fail(response)
    case .answering, .streaming, .sending, .closing: []
    }
  }

  /// The server stops: a request that has begun is still answered, as the last one; a stream is cut.
  public mutating func stop() -> [Action] {
    stopping = true
    if phase == .streaming {
      discardInput()
      return [.cutStream, .closeWhenWritten]
    }
    return waiting == .request ? close() : []
  }

  /// Refuses the connection before any request.
  public mutating func refuse(_ response: HTTPResponse) -> [Action] {
    phase = .closing
    return [.send(response, ResponseFraming(keepsAlive: false)), .closeWhenWritten]
  }

  private mutating func advance() -> [Action] {
    var actions: [Action] = []
    if phase == .head { actions = readHead() }
    if incoming != nil { actions += readBody() }
    if start == buffer.count, !buffer.isEmpty {
      // An idle connection holds no memory.
      buffer = []
      start = 0
    }
    return actions
  }

  private mutating func readHead() -> [Action] {
    // Empty lines before a request are tolerated (RFC 9112, section 2.2).
    while progress == RequestParser.Progress(), buffer.count - start >= 2,
      buffer[start] == Byte.carriageReturn, buffer[start + 1] == Byte.lineFeed
    {
      start += 2
    }
    guard start < buffer.count else { return inputEnded || stopping ? close() : [] }
    // A lone CR may be the first half of such a line.
    if buffer.count - start == 1, buffer[start] == Byte.carriageReturn { return inputEnded ? close() : [] }
    // How large a body may be is the policy's to say, and judged when the head is whole.
    var limits = limits
    limits.bodyBytes = .max
    let outcome = buffer.withUnsafeBufferPointer {
      RequestParser.parse(UnsafeBufferPointer(rebasing: $0[start...]), limits: limits, progress: &progress)
    }
    switch outcome {
    case .partial:
      return inputEnded ? fail(MessageFault(400, "The request ends in the middle of its head.")) : []
    case .bad(let fault):
      framing = ResponseFraming(isHead: buffer[start...].starts(with: "HEAD ".utf8))
      return fail(fault)
    case .complete(let head, let consumed):
      start += consumed
      progress = RequestParser.Progress()
      return begin(head)
    }
  }

  private mutating func begin(_ head: RequestHead) -> [Action] {
    framing = ResponseFraming(
      isHead: head.method == "HEAD", keepsAlive: head.keepsAlive, minorVersion: head.minorVersion)
    let (maximum, isStreamed) =
      switch bodyPolicy(head) {
      case .collect(let maximum): (maximum ?? limits.bodyBytes, false)
      case .stream(let maximum): (maximum ?? limits.bodyBytes, true)
      }
    var limits = limits
    limits.bodyBytes = maximum
    if case .length(let length) = head.framing, length > maximum { return fail(RequestHead.bodyTooLarge(limits)) }
    if head.framing == .none, !isStreamed { return deliver(head, body: []) }
    incoming = IncomingBody(head: head, limits: limits, isStreamed: isStreamed)
    // A client that has begun to send its body does not wait.
    let waits = head.expectsContinue && start == buffer.count
    owesContinue = waits && isStreamed
    phase = isStreamed ? .answering : .body
    if isStreamed { return [.open(Self.request(head, body: []))] }
    return waits ? [.sendContinue] : []
  }

  private mutating func readBody() -> [Action] {
    // A client may send without being told to.
    if start < buffer.count { owesContinue = false }
    do throws(MessageFault) {
      start += try incoming!.take(buffer[start...])
    } catch {
      return failBody(error)
    }
    let isWhole = incoming!.isWhole
    if incoming!.isStreamed {
      let piece = incoming!.takePiece()
      var actions: [Action] = piece.isEmpty ? [] : [.body(piece)]
      if isWhole {
        incoming = nil
        actions.append(.endBody)
      } else if inputEnded {
        actions += failBody(Self.bodyCutShort)
      }
      return actions
    }
    if isWhole {
      let (head, body) = (incoming!.head, incoming!.body)
      incoming = nil
      return deliver(head, body: body)
    }
    return inputEnded ? failBody(Self.bodyCutShort) : []
  }

  private static let bodyCutShort = MessageFault(400, "The request ends in the middle of its body.")

  /// The handler answers for a body that it was already given a part of.
  private mutating func failBody(_ fault: MessageFault) -> [Action] {
    guard incoming?.isStreamed == true else { return fail(fault) }
    endInputEarly()
    return [.failBody(fault)]
  }

  /// Reads nothing more, whatever comes; the answer is the last one.
  private mutating func endInputEarly() {
    incoming = nil
    owesContinue = false
    inputEnded = true
    buffer = []
    start = 0
  }

  private mutating func deliver(_ head: RequestHead, body: [UInt8]) -> [Action] {
    phase = .answering
    return [.deliver(Self.request(head, body: body))]
  }

  private static func request(_ head: RequestHead, body: [UInt8]) -> HTTPRequest {
    HTTPRequest(
      method: head.method, target: head.target, path: head.path, query: head.query, headers: head.headers, body: body)
  }

  private mutating func fail(_ fault: MessageFault) -> [Action] { fail(fault.response) }

  private mutating func fail(_ response: HTTPResponse) -> [Action] {
    framing.keepsAlive = false
    discardInput()
    return [.send(response, framing), .closeWhenWritten]
  }

  private mutating func close() -> [Action] {
    discardInput()
    return [.close]
  }

  private mutating func discardInput() {
    phase = .closing
    buffer = []
    start = 0
    incoming = nil
  }
}
