import CSystem
import Foundation
import HTTPMessages

/// What the connections of one event loop share; confined to the loop's queue.
final class LoopContext {
  let configuration: ServerConfiguration
  let bodyPolicy: BodyPolicyChooser
  let counters: Counters
  let budget: MemoryBudget
  let inbox: Inbox
  /// Where every connection reads to, before its state machine takes the bytes.
  let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  /// Whether the server stops.
  var isStopping = false
  /// The monotonic clock in nanoseconds at the last wake.
  private(set) var now: UInt64 = 0
  /// The value of `Date` at the last wake.
  private(set) var date: [UInt8] = []

  /// Answers a request at once, or says what will.
  let answerer: HTTPAnswerer
  private let epoll: Int32
  private var dateSecond = 0

  /// `epoll` is the loop's, which closes it.
  init(
    configuration: ServerConfiguration, bodyPolicy: @escaping BodyPolicyChooser, counters: Counters,
    budget: MemoryBudget, inbox: Inbox, epoll: Int32, answerer: @escaping HTTPAnswerer
  ) {
    self.configuration = configuration
    self.bodyPolicy = bodyPolicy
    self.counters = counters
    self.budget = budget
    self.inbox = inbox
    self.epoll = epoll
    self.answerer = answerer
  }

  deinit { readBuffer.deallocate() }

  /// Starts the work on an answer, which comes back through the inbox.
  func run(_ work: @escaping @Sendable () async -> HTTPResponse, for connection: UInt64) -> Task<Void, Never> {
    let inbox = inbox
    return Task { inbox.post(.answered(connection: connection, await work())) }
  }

  /// Starts a stream; its bytes come through the outlet, which tells the inbox of them.
  func run(_ stream: HTTPBodyStream, through outlet: StreamOutlet) -> Task<Void, Never> {
    Task {
      do {
        try await stream.produce(HTTPBodyWriter { await outlet.write($0) })
        outlet.finish(isWhole: true)
      } catch {
        outlet.finish(isWhole: false)
      }
    }
  }

  /// Sets which events of a descriptor wake the loop, and the token that they carry; false where the system refuses.
  func watch(_ descriptor: Int32, _ events: UInt32, token: UInt64, isNew: Bool) -> Bool {
    var event = epoll_event(events: events, data: epoll_data_t(u64: token))
    return epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event) == 0
  }

  /// Reads the clocks anew, once for all that happens at a wake.
  func readClocks() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    clock_gettime(CLOCK_REALTIME, &time)
    if time.tv_sec != dateSecond {
      dateSecond = time.tv_sec
      date = IMFFixdate.bytes(secondsSince1970: max(0, dateSecond))
    }
  }
}
