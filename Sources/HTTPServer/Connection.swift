import CSystem
import Foundation
import HTTPMessages

/// One accepted socket: moves bytes between it and its state machine.
///
/// Confined to the queue of its event loop, which alone holds it, and forgets it once it is closed.
final class Connection {
  /// What its deadline is for; it begins anew whenever this changes.
  private enum Phase: Equatable {
    case machine(ConnectionStateMachine.Waiting)
    case writing
    case lingering
  }

  /// Unsent bytes below which the answer to the next request is added to them.
  private static let batch = 16 << 10
  /// Bytes that a closing connection is still read for.
  private static let lingerBytes = 16 << 20

  let id: UInt64
  let descriptor: Int32
  /// The task of the handler that answers now.
  private var task: Task<Void, Never>?
  /// When to call `expire`, in nanoseconds of the monotonic clock.
  private(set) var deadline = UInt64.max
  /// When the phase must have changed.
  private var phaseEnd = UInt64.max
  private let loop: LoopContext
  /// The address at the other end.
  private lazy var peer = PeerAddress.text(of: descriptor)
  private var machine: ConnectionStateMachine
  private var outgoing = OutgoingBytes()
  /// The body of the request that the handler reads now.
  private var body: BodyInlet?
  private var stream: (outlet: StreamOutlet, isChunked: Bool)?
  private var phase: Phase?
  /// The rate of the body that comes in, or of what goes out.
  private var pace: Pace?
  /// When the socket took bytes last, and how many it had taken by then.
  private var lastWrite: (at: UInt64, written: Int) = (0, 0)
  /// Bytes of the body that the handler was given.
  private var delivered = 0
  /// Whether the request only reads, so that its answer may be refused once it is made.
  private var onlyReads = false
  /// What the budget was told that this connection holds.
  private var held = 0
  /// What the machine has asked for and is not done yet.
  private var todo: [ConnectionStateMachine.Action] = []
  private var isPerforming = false
  /// Whether there is something to write once all is done.
  private var sends = false
  private var closesWhenWritten = false
  private var isLingering = false
  private var drained = 0
  private(set) var isClosed = false
  private(set) var watched: UInt32 = 0

  init(id: UInt64, descriptor: Int32, loop: LoopContext) {
    self.id = id
    self.descriptor = descriptor
    self.loop = loop
    machine = ConnectionStateMachine(limits: loop.configuration.limits, bodyPolicy: loop.bodyPolicy)
  }

  /// Events of the socket.
  func handle(_ events: UInt32) {
    // Both directions are over: a reset, or the end of a lingering close.
    if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { return close() }
    if events & EPOLLIN.rawValue != 0 { read() }
    if events & EPOLLOUT.rawValue != 0, !isClosed { flush() }
    settle()
  }

  /// The answer that was worked on.
  func answer(_ response: HTTPResponse) {
    task = nil
    respond(response)
    settle()
  }

  private func respond(_ response: HTTPResponse) {
    endBody()
    delivered = 0
    let room = response.stream == nil ? response.body.count : StreamOutlet.capacity
    let isRefused = onlyReads && loop.budget.hasNoRoom(for: room)
    perform(machine.respond(isRefused ? MemoryBudget.refusal : response))
  }

  /// The reader of the body has room again, or reads for the first time.
  func continueBody() {
    guard body != nil else { return }
    perform(machine.readsBody())
    settle()
  }

  /// The stream has made more, or has ended.
  func takeFromStream() {
    guard let stream else { return }
    let taken = stream.outlet.take()
    append(chunk: taken.bytes, isChunked: stream.isChunked)
    if let isWhole = taken.isWhole {
      if isWhole, stream.isChunked { outgoing.append(ResponseWriter.lastChunk) }
      (self.stream, task) = (nil, nil)
      perform(machine.endStream(isWhole: isWhole))
    }
    flush()
    // A client that does not keep up knows its last position, and continues there when it comes again.
    if !isClosed, !outgoing.isEmpty, loop.budget.isOver { return close() }
    settle()
  }

  /// The server stops.
  func stop() {
    let wasStreaming = stream != nil
    perform(machine.stop())
    // A client that does not keep up with a stream misses its end in any case.
    if wasStreaming, !outgoing.isEmpty { return close() }
    settle()
  }

  /// Answers with a refusal, and reads no request.
  func refuse(_ response: HTTPResponse) {
    perform(machine.refuse(response))
    settle()
  }

  /// Begins to watch the socket.
  func begin() { settle() }

  /// The deadline has passed.
  func expire() {
    if isLingering { return close() }
    if let pace, pace.end <= loop.now {
      if case .machine(.body) = phase {
        // What has come since the loop looked last counts.
        read()
        guard !isClosed, outgoing.isEmpty, case .body = machine.waiting else { return settle() }
      }
      if goesOnInTime() { return settle() }
    }
    if !outgoing.isEmpty { return close() }
    perform(machine.timeOut())
    settle()
  }

  /// Memory is short: ends what takes more of it than its client earns.
  func relieve() {
    guard !isClosed, !isLingering, loop.budget.isTight else { return }
    if !outgoing.isEmpty {
      let share = stream != nil && loop.budget.isOver ? 0.2 : 1
      if loop.now >= lastWrite.at &+ Self.nanoseconds(loop.configuration.patience * share) { close() }
    } else if loop.budget.isOver, machine.held > 0 {
      perform(machine.shed(MemoryBudget.refusal))
      settle()
    }
  }

  /// Whether the client was fast enough in the window that has ended; then the next one begins.
  private func goesOnInTime() -> Bool {
    let configuration = loop.configuration
    let rate = Double(max(0, configuration.minimumRate))
    if !outgoing.isEmpty {
      let least = max(1, Int(min(rate * configuration.writeTimeout, 1e15)))
      let taken = outgoing.written - Int(cairn_unacknowledged(descriptor))
      return pace?.goesOn(
        at: loop.now, bytes: taken, least: least, window: Self.nanoseconds(configuration.writeTimeout)) ?? true
    }
    guard case .body(let received) = machine.waiting else { return true }
    return pace?.goesOn(
      at: loop.now, bytes: received, least: Int(min(rate * configuration.rateWindow, 1e15)),
      window: Self.nanoseconds(configuration.rateWindow)) ?? true
  }

  /// Closes the socket and forgets the request.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    // First, so that a task that learns of the closed connection is cancelled already.
    task?.cancel()
    endStream()
    endBody()
    task = nil
    outgoing = OutgoingBytes()
    loop.budget.change(by: -held)
    Glibc.close(descriptor)
    loop.counters.open.subtract(1, ordering: .relaxed)
  }

  private func read() {
    let buffer = loop.readBuffer
    let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
    if count < 0 {
      if errno != EAGAIN && errno != EINTR { close() }
      return
    }
    loop.counters.bytesIn.add(count, ordering: .relaxed)
    if isLingering {
      drained += count
      if count == 0 || drained > Self.lingerBytes { close() }
    } else if count == 0 {
      perform(machine.endInput())
    } else {
      perform(machine.receive(UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[..<count])))
      if !isClosed, machine.held > 0, loop.budget.isOver { perform(machine.shed(MemoryBudget.refusal)) }
    }
  }

  /// Does what the machine asks for, and what that leads to; then writes what is to be sent.
  private func perform(_ actions: [ConnectionStateMachine.Action]) {
    if todo.isEmpty { todo = actions } else { todo += actions }
    guard !isPerforming else { return }
    isPerforming = true
    defer { isPerforming = false }
    while !isClosed, !todo.isEmpty || sends {
      let actions = todo
      todo = []
      for action in actions where !isClosed { perform(action) }
      guard todo.isEmpty, sends, !isClosed else { continue }
      // Answers to what was pipelined go out together.
      if machine.hasNextRequest, outgoing.count < Self.batch {
        todo = machine.written()
      } else {
        sends = false
        flush()
      }
    }
  }

  private func perform(_ action: ConnectionStateMachine.Action) {
    switch action {
    case .handleCollected(let request): begin(request)
    case .handleStreamed(var request):
      let inlet = BodyInlet(connection: id, inbox: loop.inbox)
      request.bodyStream = HTTPBodyReader { try await inlet.next() }
      begin(request, inlet)
    case .givePiece(let bytes): body?.add(bytes)
    case .endBody: body?.finish(nil)
    case .breakBody(let fault): body?.finish(fault)
    case .sendContinue:
      outgoing.append(ResponseWriter.continueBytes)
      sends = true
    case .send(let response, let framing):
      loop.counters.countResponse(response.status)
      append(response, framing)
      sends = true
    case .startStream(let body, let isChunked):
      let outlet = StreamOutlet(connection: id, inbox: loop.inbox)
      stream = (outlet, isChunked)
      task = loop.run(body, through: outlet)
    case .cutStream:
      if let stream { append(chunk: stream.outlet.take().bytes, isChunked: stream.isChunked) }
      endStream()
      sends = true
    case .closeWhenWritten: closesWhenWritten = true
    case .close: close()
    }
  }

  /// Answers a request or starts the work on it; refuses it where memory is short and what it asks for cannot be refused
  /// later.
  private func begin(_ request: HTTPRequest, _ inlet: BodyInlet? = nil) {
    onlyReads = request.onlyReads
    guard onlyReads || !loop.budget.isOver else { return perform(machine.respond(MemoryBudget.refusal)) }
    delivered = request.body.count
    body = inlet
    var request = request
    request.peer = peer
    switch loop.answerer(request) {
    case .now(let response): respond(response)
    case .later(let work): task = loop.run(work, for: id)
    }
  }

  /// A small body goes out with its head in one write; a large one is not copied.
  private func append(_ response: HTTPResponse, _ framing: ResponseFraming) {
    if response.body.count <= OutgoingBytes.small {
      return outgoing.append(ResponseWriter.message(response, framing, date: loop.date))
    }
    outgoing.append(ResponseWriter.head(response, framing, date: loop.date))
    if ResponseWriter.sendsBody(response, framing) { outgoing.append(response.body) }
  }

  /// A small chunk goes out in one write; a large one is not copied.
  private func append(chunk bytes: [UInt8], isChunked: Bool) {
    guard !bytes.isEmpty else { return }
    guard isChunked else { return outgoing.append(bytes) }
    let (head, end) = (ResponseWriter.chunkHead(bytes.count), [UInt8]("\r\n".utf8))
    if bytes.count <= OutgoingBytes.small { return outgoing.append(head + bytes + end) }
    outgoing.append(head)
    outgoing.append(bytes)
    outgoing.append(end)
  }

  /// Tells a reader that nothing more comes.
  private func endBody() {
    body?.finish(CancellationError())
    body = nil
  }

  /// Tells the stream that nobody takes any more.
  private func endStream() {
    guard let stream else { return }
    self.stream = nil
    task?.cancel()
    task = nil
    stream.outlet.end()
  }

  private func flush() {
    let before = outgoing.written
    let outcome = outgoing.write(to: descriptor)
    loop.counters.bytesOut.add(outgoing.written - before, ordering: .relaxed)
    if outgoing.written != lastWrite.written { lastWrite = (loop.now, outgoing.written) }
    stream?.outlet.setUnsent(outgoing.count)
    switch outcome {
    case .broken: close()
    case .blocked: break
    case .done:
      if !closesWhenWritten { return perform(machine.written()) }
      if !isLingering {
        // Closing with unread input resets the connection, and the client may lose the answer.
        isLingering = true
        shutdown(descriptor, Int32(SHUT_WR))
      }
    }
  }

  /// Watches what is waited for now, sets its deadline, and tells how much memory that takes.
  private func settle() {
    guard !isClosed else { return }
    let waitsForReader = body?.isFull ?? false
    account()
    // What is pipelined waits for its turn outside while memory is short.
    let isCrowded = machine.waiting == .answer && body == nil && loop.budget.isOver
    let reads = isLingering || (machine.wantsInput && !waitsForReader && !isCrowded) ? EPOLLIN.rawValue : 0
    let wanted = reads | (outgoing.isEmpty ? 0 : EPOLLOUT.rawValue)
    if wanted != watched || phase == nil {
      guard loop.watch(descriptor, wanted, token: id, isNew: phase == nil) else { return close() }
      watched = wanted
    }
    let now: Phase =
      if isLingering {
        .lingering
      } else if !outgoing.isEmpty {
        .writing
      } else {
        // While the reader of the body is slow, the client must wait too: no deadline runs for it.
        .machine(waitsForReader ? .answer : machine.waiting)
      }
    guard now != phase else {
      deadline = min(phaseEnd, pace?.end ?? .max)
      return
    }
    let before = phase
    phase = now
    phaseEnd = .max
    let configuration = loop.configuration
    switch now {
    case .lingering:
      pace = nil
      let seconds = configuration.lingerTimeout
      phaseEnd = end(of: loop.isStopping ? min(seconds, 0.2) : seconds)
    case .writing:
      lastWrite.at = loop.now
      pace = Pace(
        at: loop.now, bytes: outgoing.written - Int(cairn_unacknowledged(descriptor)),
        window: Self.nanoseconds(configuration.writeTimeout))
    case .machine(.body(let received)):
      phaseEnd = end(of: configuration.bodyTimeout)
      if case .machine(.body) = before {
      } else {
        pace = Pace(at: loop.now, bytes: received, window: Self.nanoseconds(configuration.rateWindow))
      }
    case .machine(let waiting):
      pace = nil
      switch waiting {
      case .request: phaseEnd = end(of: configuration.idleTimeout)
      case .head: phaseEnd = end(of: configuration.headerTimeout)
      case .body, .answer, .end: break
      }
    }
    deadline = min(phaseEnd, pace?.end ?? .max)
  }

  /// Tells the budget what has changed.
  private func account() {
    let now = outgoing.held + machine.held + delivered + (body?.held ?? 0) + (stream?.outlet.held ?? 0)
    if now != held { loop.budget.change(by: now - held) }
    held = now
  }

  private func end(of seconds: Double) -> UInt64 { loop.now &+ Self.nanoseconds(seconds) }

  /// A number that no clock reaches would not fit.
  private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(min(max(seconds, 0), 1e9) * 1e9) }
}
