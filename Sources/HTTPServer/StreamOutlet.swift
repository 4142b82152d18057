import Foundation

/// What a stream has made and its connection has not taken yet; makes the stream wait for a slow client.
final class StreamOutlet: @unchecked Sendable {
  // Sendable: every variable is used under the lock alone; all else is constant.

  /// Unsent bytes, here and in the connection, above which the stream waits.
  static let capacity = 256 << 10

  private let connection: UInt64
  private let inbox: Inbox
  private let lock = NSLock()
  private var bytes: [UInt8] = []
  /// Bytes that the connection has taken and the socket has not.
  private var unsent = 0
  private var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
  private var count = 0
  /// Whether the connection takes no more.
  private var isOver = false
  private var isAnnounced = false
  private var outcome: Bool?

  init(connection: UInt64, inbox: Inbox) {
    self.connection = connection
    self.inbox = inbox
  }

  /// Takes bytes from the stream; returns when there is room for more, or false when nobody takes any or the task that
  /// writes is cancelled.
  func write(_ more: [UInt8]) async -> Bool {
    let id = lock.withLock {
      count += 1
      return count
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = lock.withLock {
          guard !isOver, outcome == nil else { return false }
          if !more.isEmpty {
            // A large piece by itself is not copied.
            if bytes.isEmpty { bytes = more } else { bytes += more }
            announce()
          }
          if hasRoom { return true }
          if Task.isCancelled { return false }
          waiters[id] = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      lock.withLock { waiters.removeValue(forKey: id) }?.resume(returning: false)
    }
  }

  /// The stream has ended, whole or in the middle.
  func finish(isWhole: Bool) {
    lock.withLock {
      outcome = isWhole
      announce()
    }
  }

  /// Takes what was written, and how the stream has ended if it has.
  func take() -> (bytes: [UInt8], isWhole: Bool?) {
    lock.withLock {
      defer { bytes = [] }
      isAnnounced = false
      unsent += bytes.count
      return (bytes, outcome)
    }
  }

  /// Bytes that the connection has not taken.
  var held: Int { lock.withLock { bytes.count } }

  /// So many taken bytes still wait for the socket.
  func setUnsent(_ count: Int) {
    let resumed = lock.withLock {
      unsent = count
      return hasRoom ? takeWaiters() : []
    }
    for waiter in resumed { waiter.resume(returning: true) }
  }

  /// Nobody takes any more.
  func end() {
    let resumed = lock.withLock {
      isOver = true
      bytes = []
      return takeWaiters()
    }
    for waiter in resumed { waiter.resume(returning: false) }
  }

  private var hasRoom: Bool { bytes.count + unsent <= Self.capacity }

  private func announce() {
    if !isAnnounced { inbox.post(.streamed(connection: connection)) }
    isAnnounced = true
  }

  private func takeWaiters() -> [CheckedContinuation<Bool, Never>] {
    defer { waiters = [:] }
    return Array(waiters.values)
  }
}
