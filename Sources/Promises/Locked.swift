import Foundation

/// A value that threads share: read and changed under its lock alone.
///
/// Not `Mutex` of Synchronization: the thread sanitizer does not see the order that it gives on Linux.
///
/// `@unchecked Sendable`: `state` is read and written under the lock alone.
public final class Locked<State: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var state: State

  /// Begins with a value.
  public init(_ state: State) { self.state = state }

  /// Runs `body` on the value while no other thread sees it; `body` must be short, and must not lock the same value.
  public func withLock<Result, Failure>(_ body: (inout State) throws(Failure) -> Result) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&state)
  }

  /// A copy of the value.
  public var value: State { withLock { $0 } }
}
