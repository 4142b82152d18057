import Foundation

/// What the database's queue hands to a task that waits for it.
///
/// The continuation alone would order it, but the thread sanitizer does not see that where the work is done before its
/// caller has begun to wait. `@unchecked Sendable`: `stored` is read and written under the lock alone.
final class Handed<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: Value?

  var value: Value? {
    get { lock.withLock { stored } }
    set { lock.withLock { stored = newValue } }
  }
}
