import Foundation
import GRDB
import Studies

/// The reads that run, so that they can be ended.
///
/// A cancelled task ends its own read: GRDB interrupts the statement that runs on the reader's connection, and lets no other
/// begin. `@unchecked Sendable`: every variable is read and written under the lock alone.
final class ReadLine: @unchecked Sendable {
  private let lock = NSLock()
  private var running: [Int: @Sendable () -> Void] = [:]
  private var count = 0
  private var isEnded = false

  /// Runs a read of one moment, away from cooperative threads, until it is done, its task is cancelled, or all are ended.
  func read<Value: Sendable>(
    _ pool: DatabasePool, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let task = Task { try await pool.read(body) }
    let id = lock.withLock {
      count += 1
      running[count] = { task.cancel() }
      if isEnded { task.cancel() }
      return count
    }
    defer { lock.withLock { running[id] = nil } }
    let result = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    do { return try result.get() } catch { throw StoreError(error) }
  }

  /// Ends what runs, and whatever is asked for later.
  func end() {
    let cancels = lock.withLock {
      isEnded = true
      return Array(running.values)
    }
    for cancel in cancels { cancel() }
  }
}
