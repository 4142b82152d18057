import Dispatch
import Promises

/// Wakes those who wait for news in the journal.
public final class JournalBell: Sendable {
  private let state = Locked(State())

  private struct State {
    var position = 0
    var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    var count = 0

    mutating func takeWaiters() -> [CheckedContinuation<Bool, Never>] {
      defer { waiters = [:] }
      return Array(waiters.values)
    }
  }

  /// The position that it last rang for; 0 where it has not yet.
  public var last: Int { state.value.position }

  /// Makes a bell that has not rung.
  public init() {}

  /// Tells that the journal goes up to a position now.
  public func ring(_ position: Int) {
    let woken = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
      guard position > state.position else { return [] }
      state.position = position
      return state.takeWaiters()
    }
    for waiter in woken { waiter.resume(returning: true) }
  }

  /// Waits until the journal goes beyond a position: false after `seconds`, or once the task is cancelled.
  public func wait(beyond position: Int, seconds: Double) async -> Bool {
    let id = state.withLock { state in
      state.count += 1
      return state.count
    }
    let timer = DispatchSource.makeTimerSource()
    timer.setEventHandler { @Sendable [weak self] in self?.end(id) }
    timer.schedule(deadline: .now() + max(0, seconds))
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isThere = state.withLock { state in
          if state.position > position || Task.isCancelled { return true }
          state.waiters[id] = continuation
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
    let woken = state.withLock { $0.takeWaiters() }
    for waiter in woken { waiter.resume(returning: false) }
  }

  private func end(_ id: Int) { state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: false) }
}
