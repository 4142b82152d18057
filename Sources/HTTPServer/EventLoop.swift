import CSystem
import Dispatch
import Foundation
import HTTPMessages
import Synchronization

/// Serves its share of the connections: one serial queue, and one epoll descriptor that Dispatch watches.
///
/// The handler of the Dispatch source lingers in `epoll_wait` while there is work, which spares the way
/// through Dispatch for each event; it returns once a short wait comes back empty.
///
/// `@unchecked Sendable`: every variable, and the context, is used on `queue` alone; other threads reach the loop by
/// `inbox`, which has a lock, and by constants.
final class EventLoop: @unchecked Sendable {
  private enum Token {
    static let inbox = UInt64.max
    static let timer = UInt64.max - 1
  }

  private static let lingerMilliseconds: Int32 = 10
  private static let maximumRounds = 256
  /// Nanoseconds between two times that freed memory is given back.
  private static let returnInterval: UInt64 = 3_000_000_000

  let inbox: Inbox
  private let context: LoopContext
  private let queue: DispatchQueue
  private let epoll: Int32
  private let timer: Int32
  private let source: any DispatchSourceRead
  private var connections: [UInt64: Connection] = [:]
  private var nextID: UInt64 = 1
  private var timerRuns = false
  private var hasEnded = false
  /// When freed memory may be given back next.
  private var nextReturn: UInt64 = 0

  init(
    index: Int, configuration: ServerConfiguration, bodyPolicy: @escaping BodyPolicyChooser, counters: Counters,
    budget: MemoryBudget, answerer: @escaping HTTPAnswerer
  ) throws(ServerError) {
    let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    let timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
    guard epoll >= 0, timer >= 0, let inbox = Inbox() else {
      let reason = String(cString: strerror(errno))
      for descriptor in [epoll, timer] where descriptor >= 0 { Glibc.close(descriptor) }
      throw .noResources(reason: reason)
    }
    self.epoll = epoll
    self.timer = timer
    self.inbox = inbox
    context = LoopContext(
      configuration: configuration, bodyPolicy: bodyPolicy, counters: counters, budget: budget, inbox: inbox,
      epoll: epoll, answerer: answerer)
    queue = DispatchQueue(label: "http-loop-\(index)")
    source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: queue)
    _ = context.watch(inbox.descriptor, EPOLLIN.rawValue, token: Token.inbox, isNew: true)
    _ = context.watch(timer, EPOLLIN.rawValue, token: Token.timer, isNew: true)
    source.setEventHandler { @Sendable [self] in runRounds() }
    source.setCancelHandler { @Sendable [epoll, timer] in
      Glibc.close(epoll)
      Glibc.close(timer)
    }
    source.resume()
  }

  private func runRounds() {
    withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { events in
      for _ in 0..<Self.maximumRounds where !hasEnded {
        let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), Self.lingerMilliseconds)
        if count == 0 || (count < 0 && errno != EINTR) { return }
        context.readClocks()
        for index in 0..<Int(max(count, 0)) { dispatch(events[index]) }
      }
    }
  }

  private func dispatch(_ event: epoll_event) {
    switch event.data.u64 {
    case Token.inbox: inbox.takeAll().forEach(take)
    case Token.timer: sweep()
    // A connection closed earlier in the same round is no longer there.
    case let id: ask(id) { $0.handle(event.events) }
    }
  }

  /// Asks something of a connection, if it is still there, and forgets it where it is closed then.
  private func ask(_ id: UInt64, _ body: (Connection) -> Void) {
    guard let connection = connections[id] else { return }
    body(connection)
    if connection.isClosed { connections[id] = nil }
  }

  /// Asks something of every connection.
  private func askAll(_ body: (Connection) -> Void) {
    for id in Array(connections.keys) { ask(id, body) }
  }

  private func take(_ message: Inbox.Message) {
    switch message {
    case .accepted(let descriptor):
      ask(add(descriptor)) { connection in
        connection.begin()
        if context.isStopping { connection.stop() }
      }
    case .refused(let descriptor): ask(add(descriptor)) { $0.refuse(Self.overloaded) }
    case .answered(let id, let response): ask(id) { $0.answer(response) }
    case .streamed(let id): ask(id) { $0.takeFromStream() }
    case .bodyRead(let id): ask(id) { $0.continueBody() }
    case .stop:
      context.isStopping = true
      askAll { $0.stop() }
    case .stopNow: end()
    }
  }

  /// Takes a connection on; its identity.
  private func add(_ descriptor: Int32) -> UInt64 {
    let id = nextID
    connections[id] = Connection(id: id, descriptor: descriptor, loop: context)
    nextID += 1
    runTimer(true)
    return id
  }

  private func sweep() {
    var expirations: UInt64 = 0
    _ = read(timer, &expirations, MemoryLayout<UInt64>.size)
    let now = context.now
    askAll { if $0.deadline <= now { $0.expire() } }
    if context.budget.isTight { askAll { $0.relieve() } }
    if now >= nextReturn {
      nextReturn = now &+ Self.returnInterval
      context.budget.returnMemory()
    }
    if connections.isEmpty, !context.budget.owesMemory { runTimer(false) }
  }

  /// An idle server without connections is not woken.
  private func runTimer(_ runs: Bool) {
    guard runs != timerRuns else { return }
    timerRuns = runs
    let interval = runs ? context.configuration.sweepInterval : 0
    let time = timespec(tv_sec: Int(interval), tv_nsec: Int(interval.truncatingRemainder(dividingBy: 1) * 1e9))
    var setting = itimerspec(it_interval: time, it_value: time)
    timerfd_settime(timer, 0, &setting, nil)
  }

  /// Closes everything; the loop cannot be used again.
  private func end() {
    hasEnded = true
    askAll { $0.close() }
    for message in inbox.close() {
      switch message {
      case .accepted(let descriptor), .refused(let descriptor):
        Glibc.close(descriptor)
        context.counters.open.subtract(1, ordering: .relaxed)
      case .answered, .streamed, .bodyRead, .stop, .stopNow: break
      }
    }
    source.cancel()
  }

  private static let overloaded: HTTPResponse = {
    var response = MessageFault(503, "The server has reached its limit of connections; try again soon.").response
    response.headers["Retry-After"] = "1"
    return response
  }()
}
