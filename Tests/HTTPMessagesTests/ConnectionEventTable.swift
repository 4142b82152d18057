@testable import HTTPMessages

/// Every state that a connection can be in, and every event that can meet it.
enum ConnectionEventTable {
  /// Where a connection is when the event comes.
  enum State: String, CaseIterable {
    /// Nothing of a request has come.
    case idle
    /// A CR alone: half of an empty line that is tolerated, or a fault.
    case emptyLine
    /// Half of a head has come.
    case head
    /// The same, and the server stops.
    case headStopping
    /// One byte of three of a body that is collected has come.
    case collecting
    /// The same, and the server stops.
    case collectingStopping
    /// A body that is collected, whose client was told to send it.
    case promised
    /// A body that is collected in chunks, in the middle of the first one's size.
    case collectingChunks
    /// A request is being answered.
    case answering
    /// The same, and the server stops.
    case answeringStopping
    /// The same, and the client sends no more.
    case answeringLast
    /// A request without a connection to keep: of HTTP/1.0.
    case answeringOld
    /// A request for a head alone.
    case answeringHead
    /// A request is being answered, and half of the next one waits.
    case pipelined
    /// The same with a whole one, and the client sends no more.
    case pipelinedLast
    /// One byte of three of a body that is streamed has come.
    case uploading
    /// The same, and the server stops.
    case uploadingStopping
    /// A body that is streamed, whose client waits to be told to send it.
    case uploadAsked
    /// A body that is streamed in chunks, in the middle of the first one's size.
    case uploadingChunks
    /// All of a body that is streamed has come.
    case uploaded
    /// A body that is streamed has broken off, and its handler has yet to answer.
    case uploadBroken
    /// An answer is streamed.
    case streaming
    /// The same to HTTP/1.0, where the end of the connection ends it.
    case streamingOld
    /// An answer is streamed, and half of the next request waits.
    case streamingPipelined
    /// An answer is streamed, and the client sends no more.
    case streamingLast
    /// An answer waits to be written.
    case sending
    /// The same, and the server stops.
    case sendingStopping
    /// An answer waits to be written, and half of the next request waits.
    case sendingPipelined
    /// The last answer waits to be written.
    case closing
    /// The connection was closed at once.
    case closed
  }

  /// What comes.
  enum Event: String, CaseIterable {
    /// One byte more: of what is incomplete, else of a new request.
    case part
    /// All that is missing of what is incomplete, else a whole request for /next.
    case rest
    /// Bytes that cannot follow where the framing of the message shows it, else a byte of a body.
    case bad
    case endInput
    case readsBody
    case respond
    case respondByStream
    case streamEnds
    case streamBreaks
    case written
    case timeOut
    case shed
    case stop
  }

  private static func policy(_ head: RequestHead) -> BodyPolicy { head.path == "/up" ? .stream() : .collect() }

  private static let host = "Host: a\r\n"
  private static let stream = HTTPResponse(status: 200, stream: HTTPBodyStream { _ in })
  /// What makes each state, and the part and the rest that are missing then.
  private static func bytes(_ state: State) -> (before: String, part: String, rest: String, bad: String) {
    let next = ("G", "GET /next HTTP/1.1\r\n\(host)\r\n", " ")
    let half = ("o", "ost: a\r\n\r\n", "\u{0}\r\n")
    let body = ("y", "y", "y")
    let chunks = ("0", "\r\nab\r\n0\r\n\r\n", "x")
    func with(_ before: String, _ missing: (String, String, String)) -> (String, String, String, String) {
      (before, missing.0, missing.1, missing.2)
    }
    func post(_ path: String, _ fields: String) -> String { "POST \(path) HTTP/1.1\r\n\(host)\(fields)\r\n\r\n" }
    switch state {
    case .idle, .closed: return with("", next)
    case .emptyLine: return with("\r", ("\n", "\nGET /next HTTP/1.1\r\n\(host)\r\n", "x"))
    case .head, .headStopping: return with("GET /g HTTP/1.1\r\nH", half)
    case .collecting, .collectingStopping: return with(post("/p", "Content-Length: 3") + "x", ("y", "yz", "y"))
    case .promised: return with(post("/p", "Content-Length: 1\r\nExpect: 100-continue"), body)
    case .collectingChunks: return with(post("/p", "Transfer-Encoding: chunked") + "2", chunks)
    case .answering, .answeringStopping, .answeringLast, .streaming, .streamingLast, .sending, .sendingStopping:
      return with("GET /g HTTP/1.1\r\n\(host)\r\n", next)
    case .answeringOld, .streamingOld: return with("GET /g HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", next)
    case .answeringHead: return with("HEAD /g HTTP/1.1\r\n\(host)\r\n", next)
    case .pipelined, .streamingPipelined, .sendingPipelined:
      return with("GET /g HTTP/1.1\r\n\(host)\r\nGET /b HTTP/1.1\r\nH", half)
    case .pipelinedLast: return with("GET /g HTTP/1.1\r\n\(host)\r\nGET /b HTTP/1.1\r\n\(host)\r\n", next)
    case .uploading, .uploadingStopping, .uploadBroken:
      return with(post("/up", "Content-Length: 3") + "x", ("y", "yz", "y"))
    case .uploadAsked: return with(post("/up", "Content-Length: 1\r\nExpect: 100-continue"), body)
    case .uploadingChunks: return with(post("/up", "Transfer-Encoding: chunked") + "2", chunks)
    case .uploaded: return with(post("/up", "Content-Length: 1") + "x", next)
    case .closing: return with("GET /g HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", next)
    }
  }

  /// Brings a connection into a state.
  static func make(_ state: State) -> ConnectionStateMachine {
    var machine = ConnectionStateMachine(bodyPolicy: policy)
    _ = receive(bytes(state).before, &machine)
    switch state {
    case .headStopping, .collectingStopping, .answeringStopping, .uploadingStopping, .closed: _ = machine.stop()
    case .answeringLast, .pipelinedLast: _ = machine.endInput()
    case .uploadBroken: _ = machine.timeOut()
    case .streaming, .streamingOld, .streamingPipelined: _ = machine.respond(stream)
    case .streamingLast:
      _ = machine.respond(stream)
      _ = machine.endInput()
    case .sending, .sendingPipelined, .closing: _ = machine.respond(HTTPResponse(status: 200))
    case .sendingStopping:
      _ = machine.respond(HTTPResponse(status: 200))
      _ = machine.stop()
    default: break
    }
    return machine
  }

  /// Lets an event happen to a connection that is in a state.
  static func happen(
    _ event: Event, in state: State, to machine: inout ConnectionStateMachine
  ) -> [ConnectionStateMachine.Action] {
    let bytes = bytes(state)
    switch event {
    case .part: return receive(bytes.part, &machine)
    case .rest: return receive(bytes.rest, &machine)
    case .bad: return receive(bytes.bad, &machine)
    case .endInput: return machine.endInput()
    case .readsBody: return machine.readsBody()
    case .respond: return machine.respond(HTTPResponse(status: 200))
    case .respondByStream: return machine.respond(stream)
    case .streamEnds: return machine.endStream(isWhole: true)
    case .streamBreaks: return machine.endStream(isWhole: false)
    case .written: return machine.written()
    case .timeOut: return machine.timeOut()
    case .shed: return machine.shed(HTTPResponse(status: 503))
    case .stop: return machine.stop()
    }
  }

  private static func receive(
    _ text: String, _ machine: inout ConnectionStateMachine
  ) -> [ConnectionStateMachine.Action] {
    Array(text.utf8).withUnsafeBufferPointer { machine.receive($0) }
  }

  /// What a machine did, what it waits for then, and what it holds of a request, where it holds anything; where an answer
  /// waits to be written, also what follows that.
  static func describe(_ actions: [ConnectionStateMachine.Action], _ machine: ConnectionStateMachine) -> String {
    let seen =
      (actions.map(word) + [word(machine.waiting)]).joined(separator: ", ")
      + (machine.wantsInput || machine.waiting == .end ? "" : ", deaf")
      + (machine.held > 0 ? ", holds \(machine.held)" : "")
    var later = machine
    let following = later.written()
    guard !following.isEmpty || later.waiting != machine.waiting else { return seen }
    return seen + "; written: " + (following.map(word) + [word(later.waiting)]).joined(separator: ", ")
  }

  private static func word(_ waiting: ConnectionStateMachine.Waiting) -> String {
    switch waiting {
    case .request: "request"
    case .head: "head"
    case .body(let received): "body \(received)"
    case .answer: "answer"
    case .end: "end"
    }
  }

  private static func word(_ action: ConnectionStateMachine.Action) -> String {
    switch action {
    case .sendContinue: "100"
    case .handleCollected(let request):
      "handle " + request.path + (request.body.isEmpty ? "" : " " + String(decoding: request.body, as: UTF8.self))
    case .handleStreamed(let request): "stream " + request.path
    case .givePiece(let bytes): "piece " + String(decoding: bytes, as: UTF8.self)
    case .endBody: "whole"
    case .breakBody(let fault): "broken \(fault.status)"
    case .send(let response, let framing):
      "\(response.status)" + (framing.isHead ? " head" : "") + (framing.minorVersion == 0 ? " old" : "")
        + (framing.keepsAlive ? "" : " last")
    case .startStream(_, let isChunked): isChunked ? "begin chunks" : "begin bytes"
    case .cutStream: "cut"
    case .closeWhenWritten: "close then"
    case .close: "close"
    }
  }
}
