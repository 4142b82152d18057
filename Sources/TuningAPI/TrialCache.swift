import Promises

/// The JSON of trials that have an outcome, which never changes, by study name and number.
///
/// Two generations instead of a list by use: what is asked for moves to the young one, and when that is full the old one
/// goes.
final class TrialCache: Sendable {
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

  private struct Generations {
    let bytes: Int
    var young: [Key: Entry] = [:]
    var old: [Key: Entry] = [:]
    var youngBytes = 0
    var epoch = 0

    mutating func find(_ key: Key) -> Entry? {
      if let entry = young[key] { return entry }
      guard let entry = old.removeValue(forKey: key) else { return nil }
      insert(entry, key)
      return entry
    }

    mutating func insert(_ entry: Entry, _ key: Key) {
      // What a dictionary needs for an entry, about.
      youngBytes += entry.body.count + 200
      if youngBytes > bytes {
        (old, young) = (young, [:])
        youngBytes = entry.body.count + 200
      }
      young[key] = entry
    }
  }

  private let generations: Locked<Generations>

  /// Makes a cache of about `bytes` bytes of bodies.
  init(bytes: Int = 16 << 20) { generations = Locked(Generations(bytes: bytes / 2)) }

  /// Changes whenever a name may have been given to another study; read it before reading a trial.
  var epoch: Int { generations.withLock { $0.epoch } }

  func find(_ key: Key) -> Entry? { generations.withLock { $0.find(key) } }

  /// Keeps a body, unless a study was deleted since `epoch`: it may have been this one.
  func keep(_ entry: Entry, _ key: Key, epoch: Int) {
    generations.withLock { if epoch == $0.epoch { $0.insert(entry, key) } }
  }

  /// Forgets everything, because a study was deleted and its name is free.
  func clear() {
    generations.withLock { generations in
      generations.epoch += 1
      (generations.young, generations.old, generations.youngBytes) = ([:], [:], 0)
    }
  }
}
