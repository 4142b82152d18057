import Dispatch
import Foundation

/// Tasks that wait until something of a key has happened.
///
/// `@unchecked Sendable`: every variable is read and written under the lock alone.
public final class Waiters<Key: Hashable & Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var waiting: [Int: (key: Key, continuation: CheckedContinuation<Bool, Never>)] = [:]
  private var count = 0

  /// Makes a place without waiters.
  public init() {}

  /// Waits for a wake-up of the key: false after `seconds`, once the task is cancelled, or where all waits are ended.
  ///
  /// `isOver` is asked when a wake-up from then on would be noticed; where it is true the wait is over at once.
  public func wait(for key: Key, seconds: Double, unless isOver: () -> Bool) async -> Bool {
    let id = lock.withLock {
      count += 1
      return count
    }
    let timer = DispatchSource.makeTimerSource()
    timer.setEventHandler { @Sendable [weak self] in self?.end(id, false) }
    timer.schedule(deadline: .now() + max(0, seconds))
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isCancelled = lock.withLock {
          waiting[id] = (key, continuation)
          return Task.isCancelled
        }
        // Always: Dispatch ends the process where a source that was never activated is given up.
        timer.activate()
        if isCancelled { end(id, false) } else if isOver() { end(id, true) }
      }
    } onCancel: {
      end(id, false)
    }
  }

  /// Ends the waits for a key.
  public func wake(_ key: Key) { end { $0 == key } }

  /// Ends the waits for some keys.
  public func wake(where isMeant: (Key) -> Bool) { end(isMeant) }

  /// Ends every wait of this moment as if its time were over.
  public func endAll() {
    let ended = lock.withLock {
      defer { waiting = [:] }
      return waiting.values.map(\.continuation)
    }
    for continuation in ended { continuation.resume(returning: false) }
  }

  private func end(_ isMeant: (Key) -> Bool) {
    let woken = lock.withLock {
      let ids = waiting.filter { isMeant($0.value.key) }.map(\.key)
      return ids.compactMap { waiting.removeValue(forKey: $0)?.continuation }
    }
    for continuation in woken { continuation.resume(returning: true) }
  }

  private func end(_ id: Int, _ isWoken: Bool) {
    lock.withLock { waiting.removeValue(forKey: id) }?.continuation.resume(returning: isWoken)
  }
}
