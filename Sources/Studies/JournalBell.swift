import Dispatch
import Foundation

/// Wakes those who wait for news in the journal.
///
/// `@unchecked Sendable`: every variable is read and written under the lock alone.
public final class JournalBell: @unchecked Sendable {
  private let lock = NSLock()
  private var position = 0
  private var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
  private var count = 0

  /// The position that it last rang for; 0 where it has not yet.
  public var last: Int { lock.withLock { position } }

  /// Makes a bell that has not rung.
  public init() {}

  /// Tells that the journal goes up to a position now.
  public func ring(_ position: Int) {
    let woken = lock.withLock {
      guard position > self.position else { return [CheckedContinuation<Bool, Never>]() }
      self.position = position
      defer { waiters = [:] }
      return Array(waiters.values)
    }
    for waiter in woken { waiter.resume(returning: true) }
  }

  /// Waits until the journal goes beyond a position: false after `seconds`, or once the task is cancelled.
  public func wait(beyond position: Int, seconds: Double) async -> Bool {
    let id = lock.withLock {
      count += 1
      return count
    }
    let timer = DispatchSource.makeTimerSource()
    timer.setEventHandler { @Sendable [weak self] in self?.end(id) }
    timer.schedule(deadline: .now() + max(0, seconds))
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isThere = lock.withLock {
          if self.position > position || Task.isCancelled { return true }
          waiters[id] = continuation
          return false
        }
        // Always: Dispatch ends the process where a source that was never activated is given up.
        timer.activate()
        if isThere { continuation.resume(returning: !Task.isCancelled) }
      }
    } onCancel: {
      end(id)
    }
  }

  /// Ends every wait of this moment as if its time were over, because the service stops.
  public func endWaits() {
    let woken = lock.withLock {
      defer { waiters = [:] }
      return Array(waiters.values)
    }
    for waiter in woken { waiter.resume(returning: false) }
  }

  private func end(_ id: Int) { lock.withLock { waiters.removeValue(forKey: id) }?.resume(returning: false) }
}
