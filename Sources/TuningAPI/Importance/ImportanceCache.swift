import Foundation
import Promises
import Studies

/// The importances that were computed last.
final class ImportanceCache: Sendable {
  /// Trials that have completed never change, so that their number tells when there are more.
  struct Key: Hashable {
    var study: UUID
    var completed: Int
  }

  /// One is computed at a time, on one core.
  let line = ExpensiveAnswers(atOnce: 1)
  private let kept = Locked(LeastRecentlyUsed<Key, ImportanceView>(limit: 64))

  func find(_ key: Key) -> ImportanceView? { kept.withLock { $0.value(for: key) } }

  func keep(_ view: ImportanceView, _ key: Key) { kept.withLock { $0.insert(view, for: key) } }
}
