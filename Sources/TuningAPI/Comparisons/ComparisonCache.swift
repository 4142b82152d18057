import Analysis
import Foundation
import Promises
import Studies

/// The comparisons that were made last, so that one whose studies have not changed is not made again.
final class ComparisonCache: Sendable {
  /// What a comparison follows from: its studies as they were, in order.
  struct Key: Hashable {
    private struct Part: Hashable {
      var id: UUID
      var revision: Int
    }

    private let comparison: UUID?
    private let parts: [Part]

    init(_ studies: ComparedStudies) {
      comparison = studies.comparison?.id
      parts = studies.all.map { Part(id: $0.summary.id, revision: $0.summary.revision) }
    }
  }

  private let kept = Locked(LeastRecentlyUsed<Key, Comparison>(limit: 32))

  func find(_ key: Key) -> Comparison? { kept.withLock { $0.value(for: key) } }

  func keep(_ comparison: Comparison, _ key: Key) { kept.withLock { $0.insert(comparison, for: key) } }
}
