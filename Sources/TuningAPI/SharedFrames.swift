import Foundation

/// The events that were made last: all streams that tell of the same change send the same bytes, made once and held once.
///
/// `@unchecked Sendable`: every variable is read and written under the lock alone.
final class SharedFrames: @unchecked Sendable {
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

  /// How long an event is sent again: times that pass by themselves may be so much behind.
  private let lifetime: Duration
  private let capacity: Int
  private let lock = NSLock()
  private var entries: [Key: Entry] = [:]
  /// The keys in the order of their making.
  private var line: [Key] = []

  init(capacity: Int = 32, lifetime: Duration = .seconds(1)) {
    self.capacity = capacity
    self.lifetime = lifetime
  }

  /// The event, from another stream or made here; nil where there is nothing to tell any more.
  func frame(_ key: Key, make: @escaping @Sendable () async throws -> [UInt8]?) async throws -> [UInt8]? {
    let frame = lock.withLock { () -> Task<[UInt8]?, any Error> in
      let now = ContinuousClock.now
      if let known = entries[key] {
        if known.madeAt.duration(to: now) < lifetime { return known.frame }
      } else {
        line.append(key)
      }
      // A task of its own: the stream that was first may end before the others have their event.
      let made = Task { try await make() }
      entries[key] = Entry(madeAt: now, frame: made)
      while line.count > capacity { entries[line.removeFirst()] = nil }
      return made
    }
    do { return try await frame.value } catch {
      lock.withLock {
        guard entries[key]?.frame == frame else { return }
        entries[key] = nil
        line.removeAll { $0 == key }
      }
      throw error
    }
  }
}
