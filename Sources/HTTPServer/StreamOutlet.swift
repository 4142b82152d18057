import Promises

/// What a stream has made and its connection has not taken yet; makes the stream wait for a slow client.
final class StreamOutlet: Sendable {
  /// Unsent bytes, here and in the connection, above which the stream waits.
  static let capacity = 256 << 10

  private let connection: UInt64
  private let inbox: Inbox
  private let state = Locked(State())

  private struct State {
    var bytes: [UInt8] = []
    /// Bytes that the connection has taken and the socket has not.
    var unsent = 0
    var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    /// Whether the connection takes no more.
    var isOver = false
    var isAnnounced = false
    var outcome: Bool?

    var hasRoom: Bool { bytes.count + unsent <= StreamOutlet.capacity }

    mutating func takeWaiters() -> [CheckedContinuation<Bool, Never>] {
      defer { waiters = [:] }
      return Array(waiters.values)
    }
  }

  init(connection: UInt64, inbox: Inbox) {
    self.connection = connection
    self.inbox = inbox
  }

  /// Takes bytes from the stream; returns when there is room for more, or false when nobody takes any or the task that
  /// writes is cancelled.
  func write(_ more: [UInt8]) async -> Bool {
    await state.answer { state, number, continuation in
      guard !state.isOver, state.outcome == nil else { return false }
      if !more.isEmpty {
        // A large piece by itself is not copied.
        if state.bytes.isEmpty { state.bytes = more } else { state.bytes += more }
        announce(&state)
      }
      if state.hasRoom { return true }
      state.waiters[number] = continuation
      return nil
    } takeBack: { state, number in
      state.waiters.removeValue(forKey: number)
    }
  }

  /// The stream has ended, whole or in the middle.
  func finish(isWhole: Bool) {
    state.withLock { state in
      state.outcome = isWhole
      announce(&state)
    }
  }

  /// Takes what was written, and how the stream has ended if it has.
  func take() -> (bytes: [UInt8], isWhole: Bool?) {
    state.withLock { state in
      defer { state.bytes = [] }
      state.isAnnounced = false
      state.unsent += state.bytes.count
      return (state.bytes, state.outcome)
    }
  }

  /// Bytes that the connection has not taken.
  var held: Int { state.withLock { $0.bytes.count } }

  /// How many of the taken bytes still wait for the socket.
  func setUnsent(_ count: Int) {
    let resumed = state.withLock { state in
      state.unsent = count
      return state.hasRoom ? state.takeWaiters() : []
    }
    for waiter in resumed { waiter.resume(returning: true) }
  }

  /// Nobody takes any more.
  func end() {
    let resumed = state.withLock { state in
      state.isOver = true
      state.bytes = []
      return state.takeWaiters()
    }
    for waiter in resumed { waiter.resume(returning: false) }
  }

  private func announce(_ state: inout State) {
    if !state.isAnnounced { inbox.post(.streamed(connection: connection)) }
    state.isAnnounced = true
  }
}
