import GRDB
import Promises
import Studies

/// The reads that run, so that they can be ended.
///
/// A cancelled task ends its own read: GRDB interrupts the statement that runs on the reader's connection, and lets no other
/// begin.
final class ReadLine: Sendable {
  private let line = Locked(Line())

  private struct Line {
    var running: [Int: @Sendable () -> Void] = [:]
    var count = 0
    var isEnded = false
  }

  /// Runs a read of one moment, away from cooperative threads, until it is done, its task is cancelled, or all are ended.
  func read<Value: Sendable>(
    _ pool: DatabasePool, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let task = Task { try await pool.read(body) }
    let id = line.withLock { line in
      line.count += 1
      line.running[line.count] = { task.cancel() }
      if line.isEnded { task.cancel() }
      return line.count
    }
    defer { line.withLock { $0.running[id] = nil } }
    let result = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    do { return try result.get() } catch { throw StoreError(error) }
  }

  /// Ends what runs, and whatever is asked for later.
  func end() {
    let cancels = line.withLock { line in
      line.isEnded = true
      return Array(line.running.values)
    }
    for cancel in cancels { cancel() }
  }
}
