import Foundation
import Promises

/// The events that were made last: all streams that tell of the same change send the same bytes, made once and held once.
final class SharedFrames: Sendable {
  /// What an event tells of, and by which change.
  struct Key: Hashable {
    var study: UUID
    /// A trial of the study; nil for the study itself.
    var number: Int?
    var position: Int
  }

  private struct Entry {
    var madeAt: ContinuousClock.Instant
    var frame: Task<[UInt8]?, any Error>
  }

  /// How long an event is sent again: times that pass by themselves may be this far behind.
  private let lifetime: Duration
  private let capacity: Int
  private let kept = Locked(Kept())

  private struct Kept {
    var entries: [Key: Entry] = [:]
    /// The keys in the order of their making.
    var line: [Key] = []
  }

  init(capacity: Int = 32, lifetime: Duration = .seconds(1)) {
    self.capacity = capacity
    self.lifetime = lifetime
  }

  /// The event, from another stream or made here; nil where there is nothing to tell any more.
  func frame(_ key: Key, make: @escaping @Sendable () async throws -> [UInt8]?) async throws -> [UInt8]? {
    let frame = kept.withLock { kept -> Task<[UInt8]?, any Error> in
      let now = ContinuousClock.now
      if let known = kept.entries[key] {
        if known.madeAt.duration(to: now) < lifetime { return known.frame }
      } else {
        kept.line.append(key)
      }
      // A task of its own: the stream that was first may end before the others have their event.
      let made = Task { try await make() }
      kept.entries[key] = Entry(madeAt: now, frame: made)
      while kept.line.count > capacity { kept.entries[kept.line.removeFirst()] = nil }
      return made
    }
    do { return try await frame.value } catch {
      kept.withLock { kept in
        guard kept.entries[key]?.frame == frame else { return }
        kept.entries[key] = nil
        kept.line.removeAll { $0 == key }
      }
      throw error
    }
  }
}
