import Foundation
import Promises

/// What the trials of a study share: what a model makes of a fold's examples before it trains on them.
public final class FoldCache: Sendable {
  /// How many things are kept.
  private static let limit = 8

  /// What a thing was made of.
  struct Key: Hashable, Sendable {
    /// The data set's.
    var sha256: String
    var precision: Precision
    /// What was made; each model has names of its own.
    var layout: String
    /// The split and the seed that it is drawn by; nil and 0 where a thing is made of all examples.
    var split: ValidationSplit?
    var seed: UInt64 = 0
  }

  private let entries = Locked(LeastRecentlyUsed<Key, any Sendable>(limit: FoldCache.limit))

  /// Makes an empty cache.
  public init() {}

  /// The thing of a key, which `make` makes where it is not there; by one thread at a time, so `make` must not ask the cache.
  func kept<Value: Sendable, Failure>(_ key: Key, _ make: () throws(Failure) -> Value) throws(Failure) -> Value {
    try entries.withLock { entries throws(Failure) in
      if let found = entries.value(for: key) as? Value { return found }
      let made = try make()
      entries.insert(made, for: key)
      return made
    }
  }
}
