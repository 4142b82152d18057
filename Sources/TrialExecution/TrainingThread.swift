import CSystem
import Foundation
import Promises

/// A thread of its own, at a lower priority than HTTP, that runs one trial at a time.
///
/// `@unchecked Sendable`: `work` and `isStopped` are read and written under the condition's lock alone.
final class TrainingThread: @unchecked Sendable {
  /// Runs on the thread; what it returns runs where the handover's queue is.
  typealias Work = @Sendable () -> @Sendable () -> Void

  /// Room for the recursion of the deepest training; threads other than the first get 512 KiB otherwise.
  private static let stackBytes = 8 << 20

  private let condition = NSCondition()
  private var work: Work?
  private var isStopped = false
  private let handover: Handover
  private let nice: Int32

  init(name: String, nice: Int32, handover: Handover) {
    self.handover = handover
    self.nice = nice
    let thread = Thread { [self] in
      // Foundation's own setter goes by a handle that the starting thread may not have stored yet.
      cairn_set_thread_name(name)
      loop()
    }
    thread.stackSize = Self.stackBytes
    thread.start()
  }

  /// Runs `body` on the thread and waits for what it gives, without holding a cooperative thread.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await Promise<Value>.kept { promise in
      condition.withLock {
        work = {
          let value = body()
          return { promise.keep(value) }
        }
        condition.signal()
      }
    }
  }

  /// Ends the thread once its trial is done.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.signal()
    }
  }

  private func loop() {
    // Linux has a nice value for each thread; Foundation's quality of service does nothing there.
    _ = cairn_set_thread_nice(nice)
    while true {
      let next: Work? = condition.withLock {
        while work == nil, !isStopped { condition.wait() }
        defer { work = nil }
        return work
      }
      guard let next else { return }
      handover.post(next())
    }
  }
}
