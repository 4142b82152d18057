import Dispatch

/// Tasks that wait until something of a key has happened.
public final class Waiters<Key: Hashable & Sendable>: Sendable {
  private struct State {
    var waiting: [Int: (key: Key, continuation: CheckedContinuation<Bool, Never>)] = [:]
    var count = 0
  }

  private let state = Locked(State())

  /// Makes a place without waiters.
  public init() {}

  /// Waits for a wake-up of the key: false after `seconds`, once the task is cancelled, or where all waits are ended.
  ///
  /// `isOver` is asked when a wake-up from then on would be noticed; where it is true the wait is over at once.
  public func wait(for key: Key, seconds: Double, unless isOver: () -> Bool) async -> Bool {
    let id = state.withLock { state in
      state.count += 1
      return state.count
    }
    let timer = DispatchSource.makeTimerSource()
    timer.setEventHandler { @Sendable [weak self] in self?.end(id, false) }
    timer.schedule(deadline: .now() + max(0, seconds))
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isCancelled = state.withLock { state in
          state.waiting[id] = (key, continuation)
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
    let ended = state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting.values.map { $0.continuation }
    }
    for continuation in ended { continuation.resume(returning: false) }
  }

  private func end(_ isMeant: (Key) -> Bool) {
    // A key path of a generic type is made anew each time that it is used, and a bell rings at every commit.
    let woken = state.withLock { state in
      let ids = state.waiting.filter { isMeant($0.value.key) }.map { $0.key }
      return ids.compactMap { state.waiting.removeValue(forKey: $0)?.continuation }
    }
    for continuation in woken { continuation.resume(returning: true) }
  }

  private func end(_ id: Int, _ isWoken: Bool) {
    state.withLock { $0.waiting.removeValue(forKey: id) }?.continuation.resume(returning: isWoken)
  }
}
