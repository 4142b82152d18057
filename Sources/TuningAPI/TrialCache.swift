import Foundation

/// The JSON of trials that have an outcome, which never changes, by study name and number.
///
/// Two generations instead of a list by use: what is asked for moves to the young one, and when that is full the old one
/// goes. `@unchecked Sendable`: every variable is read and written under the lock alone.
final class TrialCache: @unchecked Sendable {
  struct Key: Hashable {
    var study: String
    var number: Int
  }

  /// A body with its tag, and the journal position that it reflected when it was made.
  struct Entry {
    var body: [UInt8]
    var tag: String
    var position: Int
  }

  private let lock = NSLock()
  private let generationBytes: Int
  private var young: [Key: Entry] = [:]
  private var old: [Key: Entry] = [:]
  private var youngBytes = 0
  private var age = 0

  /// Makes a cache of about `bytes` bytes of bodies.
  init(bytes: Int = 16 << 20) { generationBytes = bytes / 2 }

  /// Changes whenever a name may have been given to another study; read it before reading a trial.
  var epoch: Int { lock.withLock { age } }

  func find(_ key: Key) -> Entry? {
    lock.withLock {
      if let entry = young[key] { return entry }
      guard let entry = old.removeValue(forKey: key) else { return nil }
      insert(entry, key)
      return entry
    }
  }

  /// Keeps a body, unless a study was deleted since `epoch`: it may have been this one.
  func keep(_ entry: Entry, _ key: Key, epoch: Int) {
    lock.withLock { if epoch == age { insert(entry, key) } }
  }

  /// Forgets everything, because a study was deleted and its name is free.
  func clear() {
    lock.withLock {
      age += 1
      (young, old, youngBytes) = ([:], [:], 0)
    }
  }

  /// To be called while the lock is held.
  private func insert(_ entry: Entry, _ key: Key) {
    // What a dictionary needs for an entry, about.
    youngBytes += entry.body.count + 200
    if youngBytes > generationBytes {
      (old, young) = (young, [:])
      youngBytes = entry.body.count + 200
    }
    young[key] = entry
  }
}
