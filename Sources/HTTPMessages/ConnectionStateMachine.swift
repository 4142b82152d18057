/// The life of one server connection without its socket: events in, actions out.
///
/// One request is answered at a time, in order; what a client pipelines waits in the buffer, and
/// once that is full, in the kernel's. `ConnectionEventTable` in the tests says what each event does in each phase.
public struct ConnectionStateMachine: Sendable {
  /// What the connection is busy with; what belongs to one phase alone is part of it.
  private enum Phase {
    /// A request is awaited, or its head comes in; how far it was read.
    case head(RequestParser.Progress)
    /// A body comes in that is handed over when it is whole.
    case collecting(IncomingBody, ResponseFraming)
    /// The handler makes its answer; where there is a body, it comes in meanwhile.
    case answering(ResponseFraming, IncomingBody?)
    /// The handler's answer is made while it is sent.
    case streaming(ResponseFraming)
    /// An answer is sent, and the next request may follow.
    case sending
    /// Nothing more is read; what is left to send is sent.
    case closing
  }

  /// Pipelined bytes kept while a request is answered; reading stops above it.
  static let pipelineBytes = 64 << 10

  private let limits: MessageLimits
  private let bodyPolicy: BodyPolicyChooser
  private var phase = Phase.head(RequestParser.Progress())
  private var input = UnreadInput()
  /// Whether the server stops: no further request is answered.
  private var isStopping = false

  /// Makes the machine of a connection that was just accepted.
  public init(limits: MessageLimits = MessageLimits(), bodyPolicy: @escaping BodyPolicyChooser = { _ in .collect() }) {
    self.limits = limits
    self.bodyPolicy = bodyPolicy
  }

  /// Whether more input can be taken now.
  public var wantsInput: Bool { takesInput && input.count < Self.pipelineBytes }

  private var takesInput: Bool {
    if case .closing = phase { return false }
    return !input.hasEnded
  }

  /// Whether an answer is sent, and more of the same client has come already.
  public var hasNextRequest: Bool {
    if case .sending = phase { !input.isEmpty } else { false }
  }

  /// What the connection waits for.
  public var waiting: Waiting {
    switch phase {
    case .head: input.isEmpty ? .request : .head
    case .collecting(let incoming, _): .body(received: incoming.received)
    case .answering(_, let incoming?) where !incoming.owesContinue: .body(received: incoming.received)
    case .answering, .streaming, .sending: .answer
    case .closing: .end
    }
  }

  /// Bytes of a request that are kept until it is whole or its turn comes.
  public var held: Int {
    switch phase {
    case .collecting(let incoming, _), .answering(_, let incoming?): input.held + incoming.body.count
    case .head, .answering(_, nil), .streaming, .sending, .closing: input.held
    }
  }

  // MARK: Events

  /// Bytes came in.
  public mutating func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> [Action] {
    guard takesInput else { return [] }
    input.append(bytes)
    return advance()
  }

  /// The client sends no more; it may still read.
  public mutating func endInput() -> [Action] {
    guard takesInput else { return [] }
    input.end()
    return advance()
  }

  /// The reader of a streamed body reads.
  public mutating func readsBody() -> [Action] {
    guard case .answering(let framing, var incoming?) = phase, incoming.owesContinue else { return [] }
    incoming.owesContinue = false
    phase = .answering(framing, incoming)
    return [.sendContinue]
  }

  /// The handler's answer to the request that was handed over last.
  public mutating func respond(_ response: HTTPResponse) -> [Action] {
    guard case .answering(var framing, let incoming) = phase else { return [] }
    // Where a body is left unread, nobody knows where the next request begins.
    if incoming != nil { input.discard() }
    if isStopping || (input.hasEnded && input.isEmpty) { framing.keepsAlive = false }
    if let stream = response.stream, ResponseWriter.sendsBody(response, framing) {
      return begin(stream, of: response, framing)
    }
    guard framing.keepsAlive else { return end(with: response, framing) }
    phase = .sending
    return [.send(response, framing)]
  }

  /// The stream has ended, and all of it waits to be written; where it is not whole, the connection ends with it.
  public mutating func endStream(isWhole: Bool) -> [Action] {
    guard case .streaming(let framing) = phase else { return [] }
    guard framing.keepsAlive, isWhole else {
      end()
      return [.closeWhenWritten]
    }
    phase = .sending
    return []
  }

  /// All that was to be sent has gone out.
  public mutating func written() -> [Action] {
    guard case .sending = phase else { return [] }
    phase = .head(RequestParser.Progress())
    return advance()
  }

  /// What the connection waits for did not come in time.
  public mutating func timeOut() -> [Action] {
    let bodyIsLate = MessageFault(408, "The body of the request did not come in time.")
    switch phase {
    case .head where input.isEmpty: return close()
    case .head: return refuseHead(MessageFault(408, "The head of the request did not come in time.").response)
    case .collecting(_, let framing): return end(with: bodyIsLate.response, framing)
    case .answering(let framing, let incoming?) where !incoming.owesContinue: return breakBody(bodyIsLate, framing)
    case .answering, .streaming, .sending, .closing: return []
    }
  }

  /// Memory is short: a request that is still coming in, to be kept until it is whole, is refused.
  public mutating func shed(_ response: HTTPResponse) -> [Action] {
    switch phase {
    case .head: input.isEmpty ? [] : refuseHead(response)
    case .collecting(_, let framing): end(with: response, framing)
    case .answering, .streaming, .sending, .closing: []
    }
  }

  /// The server stops: a request that has begun is still answered, as the last one; a stream is cut.
  public mutating func stop() -> [Action] {
    isStopping = true
    switch phase {
    case .head where input.isEmpty: return close()
    case .streaming:
      end()
      return [.cutStream, .closeWhenWritten]
    case .head, .collecting, .answering, .sending, .closing: return []
    }
  }

  /// Refuses the connection before any request.
  public mutating func refuse(_ response: HTTPResponse) -> [Action] { end(with: response, ResponseFraming()) }

  // MARK: What comes in

  /// Reads on as far as the phase allows.
  private mutating func advance() -> [Action] {
    var actions: [Action] = []
    if case .head(let progress) = phase { actions = readHead(progress) }
    actions += readBody()
    // An idle connection holds no memory.
    input.shrink()
    return actions
  }

  private mutating func readHead(_ known: RequestParser.Progress) -> [Action] {
    var progress = known
    // Empty lines before a request are tolerated (RFC 9112, section 2.2).
    if progress == RequestParser.Progress() { input.dropEmptyLines() }
    guard !input.isEmpty else { return input.hasEnded || isStopping ? close() : [] }
    // A lone CR may be the first half of such a line.
    if input.count == 1, input.bytes.first == Byte.carriageReturn { return input.hasEnded ? close() : [] }
    // How large a body may be is the policy's to say, and judged when the head is whole.
    var limits = limits
    limits.bodyBytes = .max
    let outcome = input.bytes.withUnsafeBufferPointer {
      RequestParser.parse($0, limits: limits, progress: &progress)
    }
    switch outcome {
    case .partial:
      if input.hasEnded {
        return refuseHead(MessageFault(400, "The request ends in the middle of its head.").response)
      }
      phase = .head(progress)
      return []
    case .bad(let fault): return refuseHead(fault.response)
    case .complete(let head, let consumed):
      input.drop(consumed)
      return begin(head)
    }
  }

  /// Answers a head that is not whole; what its method is may be known already.
  private mutating func refuseHead(_ response: HTTPResponse) -> [Action] {
    end(with: response, ResponseFraming(isHead: input.bytes.starts(with: "HEAD ".utf8)))
  }

  private mutating func begin(_ head: RequestHead) -> [Action] {
    let framing = ResponseFraming(
      isHead: head.method == "HEAD", keepsAlive: head.keepsAlive, minorVersion: head.minorVersion)
    let (maximum, isStreamed) =
      switch bodyPolicy(head) {
      case .collect(let maximum): (maximum ?? limits.bodyBytes, false)
      case .stream(let maximum): (maximum ?? limits.bodyBytes, true)
      }
    var limits = limits
    limits.bodyBytes = maximum
    if case .length(let length) = head.framing, length > maximum {
      return end(with: RequestHead.bodyTooLarge(limits).response, framing)
    }
    if head.framing == .none, !isStreamed { return handle(head, body: [], framing) }
    var incoming = IncomingBody(head: head, limits: limits)
    // A client that has begun to send its body does not wait.
    let waits = head.expectsContinue && input.isEmpty
    guard isStreamed else {
      phase = .collecting(incoming, framing)
      return waits ? [.sendContinue] : []
    }
    incoming.owesContinue = waits
    phase = .answering(framing, incoming)
    return [.handleStreamed(Self.request(head, body: []))]
  }

  private mutating func readBody() -> [Action] {
    // Taken out of the phase, so that the body grows in place: it is nowhere else.
    var taken = Phase.closing
    swap(&taken, &phase)
    switch consume taken {
    case .collecting(let incoming, let framing): return collect(incoming, framing)
    case .answering(let framing, let incoming?): return passOn(incoming, framing)
    case let other:
      phase = other
      return []
    }
  }

  /// Keeps what has come of a body until it is whole.
  private mutating func collect(_ body: consuming IncomingBody, _ framing: ResponseFraming) -> [Action] {
    do throws(MessageFault) { input.drop(try body.take(input.bytes)) } catch {
      return end(with: error.response, framing)
    }
    if body.isWhole { return handle(body.head, body: body.body, framing) }
    if input.hasEnded { return end(with: Self.bodyCutShort.response, framing) }
    phase = .collecting(body, framing)
    return []
  }

  /// Passes on what has come of a body.
  private mutating func passOn(_ body: consuming IncomingBody, _ framing: ResponseFraming) -> [Action] {
    // A client may send without being told to.
    if !input.isEmpty { body.owesContinue = false }
    do throws(MessageFault) { input.drop(try body.take(input.bytes)) } catch { return breakBody(error, framing) }
    let piece = body.takePiece()
    let actions: [Action] = piece.isEmpty ? [] : [.givePiece(piece)]
    if body.isWhole {
      phase = .answering(framing, nil)
      return actions + [.endBody]
    }
    if input.hasEnded { return actions + breakBody(Self.bodyCutShort, framing) }
    phase = .answering(framing, body)
    return actions
  }

  private static let bodyCutShort = MessageFault(400, "The request ends in the middle of its body.")

  private mutating func handle(_ head: RequestHead, body: [UInt8], _ framing: ResponseFraming) -> [Action] {
    phase = .answering(framing, nil)
    return [.handleCollected(Self.request(head, body: body))]
  }

  private static func request(_ head: RequestHead, body: [UInt8]) -> HTTPRequest {
    HTTPRequest(
      method: head.method, target: head.target, path: head.path, query: head.query, headers: head.headers, body: body)
  }

  // MARK: What goes out

  private mutating func begin(
    _ stream: HTTPBodyStream, of response: HTTPResponse, _ framing: ResponseFraming
  ) -> [Action] {
    // A stream may have no end of its own: a server that stops begins none.
    if isStopping { return end(with: Self.stopped, framing) }
    var framing = framing
    if framing.minorVersion == 0 { framing.keepsAlive = false }
    phase = .streaming(framing)
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

  // MARK: The end

  /// The handler, which was given a part of the body already, answers for what is wrong with it, as the last answer.
  private mutating func breakBody(_ fault: MessageFault, _ framing: ResponseFraming) -> [Action] {
    input.discard()
    phase = .answering(framing, nil)
    return [.breakBody(fault)]
  }

  /// Answers for the last time.
  private mutating func end(with response: HTTPResponse, _ framing: ResponseFraming) -> [Action] {
    var framing = framing
    framing.keepsAlive = false
    end()
    return [.send(response, framing), .closeWhenWritten]
  }

  private mutating func close() -> [Action] {
    end()
    return [.close]
  }

  /// Reads nothing more, and holds nothing.
  private mutating func end() {
    phase = .closing
    input.discard()
  }
}
