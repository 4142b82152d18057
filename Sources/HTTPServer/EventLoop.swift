import CSystem
import Dispatch
import Foundation
import HTTPMessages
import Synchronization

/// Serves its share of the connections: one serial queue, and one epoll descriptor that Dispatch watches.
///
/// The handler of the Dispatch source lingers in `epoll_wait` while there is work, which spares the way
/// through Dispatch for each event; it returns once a short wait comes back empty.
final class EventLoop: @unchecked Sendable {
  // Sendable: every variable is used on `queue` alone; other threads reach the loop by `inbox`, which has
  // a lock, and by constants.
  private enum Token {
    static let inbox = UInt64.max
    static let timer = UInt64.max - 1
  }

  private static let lingerMilliseconds: Int32 = 10
  private static let maximumRounds = 256
  /// Nanoseconds between two times that freed memory is given back.
  private static let returnInterval: UInt64 = 3_000_000_000

  let configuration: ServerConfiguration
  let bodyPolicy: BodyPolicyChooser
  let counters: Counters
  let budget: MemoryBudget
  let inbox: Inbox
  /// Where every connection reads to, before its state machine takes the bytes.
  let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  private(set) var isStopping = false
  /// The monotonic clock in nanoseconds at the last wake.
  private(set) var now: UInt64 = 0
  /// The value of `Date` at the last wake.
  private(set) var date: [UInt8] = []

  private let handler: HTTPHandler
  private let queue: DispatchQueue
  private let epoll: Int32
  private let timer: Int32
  private let source: any DispatchSourceRead
  private var connections: [UInt64: Connection] = [:]
  private var nextID: UInt64 = 1
  private var dateSecond = 0
  private var timerRuns = false
  private var hasEnded = false
  /// When freed memory may be given back next.
  private var nextReturn: UInt64 = 0

  init(
    index: Int, configuration: ServerConfiguration, bodyPolicy: @escaping BodyPolicyChooser, counters: Counters,
    budget: MemoryBudget, handler: @escaping HTTPHandler
  ) throws(ServerError) {
    self.configuration = configuration
    self.bodyPolicy = bodyPolicy
    self.counters = counters
    self.budget = budget
    self.handler = handler
    let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    let timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
    guard epoll >= 0, timer >= 0, let inbox = Inbox() else {
      let reason = String(cString: strerror(errno))
      for descriptor in [epoll, timer] where descriptor >= 0 { Glibc.close(descriptor) }
      readBuffer.deallocate()
      throw .noResources(reason: reason)
    }
    self.epoll = epoll
    self.timer = timer
    self.inbox = inbox
    queue = DispatchQueue(label: "http-loop-\(index)")
    source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: queue)
    _ = control(EPOLL_CTL_ADD, inbox.descriptor, EPOLLIN.rawValue, Token.inbox)
    _ = control(EPOLL_CTL_ADD, timer, EPOLLIN.rawValue, Token.timer)
    source.setEventHandler { @Sendable [self] in runRounds() }
    source.setCancelHandler { @Sendable [epoll, timer] in
      Glibc.close(epoll)
      Glibc.close(timer)
    }
    source.resume()
  }

  deinit { readBuffer.deallocate() }

  /// Starts the handler on a request; its answer comes back through the inbox.
  func run(_ request: HTTPRequest, for connection: Connection) {
    let (handler, inbox, id) = (handler, inbox, connection.id)
    connection.task = Task {
      inbox.post(.answered(connection: id, await handler(request)))
    }
  }

  /// Starts the stream of a connection; its bytes come through the outlet, which tells the inbox of them.
  func run(_ stream: HTTPBodyStream, through outlet: StreamOutlet, for connection: Connection) {
    connection.task = Task {
      do {
        try await stream.produce(HTTPBodyWriter { await outlet.write($0) })
        outlet.finish(isWhole: true)
      } catch {
        outlet.finish(isWhole: false)
      }
    }
  }

  /// Sets which events of a socket wake the loop; false where the system refuses.
  func watch(_ connection: Connection, _ events: UInt32, isNew: Bool) -> Bool {
    control(isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection.descriptor, events, connection.id)
  }

  /// Drops a connection that has closed its socket.
  func forget(_ connection: Connection) {
    connections[connection.id] = nil
    counters.open.subtract(1, ordering: .relaxed)
  }

  private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32, _ token: UInt64) -> Bool {
    var event = epoll_event(events: events, data: epoll_data_t(u64: token))
    return epoll_ctl(epoll, operation, descriptor, &event) == 0
  }

  private func runRounds() {
    withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { events in
      for _ in 0..<Self.maximumRounds where !hasEnded {
        let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), Self.lingerMilliseconds)
        if count == 0 || (count < 0 && errno != EINTR) { return }
        readClocks()
        for index in 0..<Int(max(count, 0)) { dispatch(events[index]) }
      }
    }
  }

  private func dispatch(_ event: epoll_event) {
    switch event.data.u64 {
    case Token.inbox: inbox.takeAll().forEach(take)
    case Token.timer: sweep()
    // A connection closed earlier in the same round is no longer there.
    case let id: connections[id]?.handle(event.events)
    }
  }

  private func take(_ message: Inbox.Message) {
    switch message {
    case .accepted(let descriptor):
      let connection = add(descriptor)
      connection.begin()
      if isStopping { connection.stop() }
    case .refused(let descriptor):
      add(descriptor).refuse(Self.overloaded)
    case .answered(let id, let response): connections[id]?.answer(response)
    case .streamed(let id): connections[id]?.takeFromStream()
    case .bodyRead(let id): connections[id]?.continueBody()
    case .stop:
      isStopping = true
      for connection in Array(connections.values) { connection.stop() }
    case .stopNow: end()
    }
  }

  private func add(_ descriptor: Int32) -> Connection {
    let connection = Connection(id: nextID, descriptor: descriptor, loop: self)
    connections[nextID] = connection
    nextID += 1
    runTimer(true)
    return connection
  }

  private func sweep() {
    var expirations: UInt64 = 0
    _ = read(timer, &expirations, MemoryLayout<UInt64>.size)
    for connection in Array(connections.values) where connection.deadline <= now { connection.expire() }
    if budget.isTight { for connection in Array(connections.values) { connection.relieve() } }
    if now >= nextReturn {
      nextReturn = now &+ Self.returnInterval
      budget.returnMemory()
    }
    if connections.isEmpty, !budget.owesMemory { runTimer(false) }
  }

  /// An idle server without connections is not woken.
  private func runTimer(_ runs: Bool) {
    guard runs != timerRuns else { return }
    timerRuns = runs
    let interval = runs ? configuration.sweepInterval : 0
    let time = timespec(tv_sec: Int(interval), tv_nsec: Int(interval.truncatingRemainder(dividingBy: 1) * 1e9))
    var setting = itimerspec(it_interval: time, it_value: time)
    timerfd_settime(timer, 0, &setting, nil)
  }

  private func readClocks() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    clock_gettime(CLOCK_REALTIME, &time)
    if time.tv_sec != dateSecond {
      dateSecond = time.tv_sec
      date = IMFFixdate.bytes(secondsSince1970: max(0, dateSecond))
    }
  }

  /// Closes everything; the loop cannot be used again.
  private func end() {
    hasEnded = true
    for connection in Array(connections.values) { connection.close() }
    for message in inbox.close() {
      switch message {
      case .accepted(let descriptor), .refused(let descriptor):
        Glibc.close(descriptor)
        counters.open.subtract(1, ordering: .relaxed)
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
