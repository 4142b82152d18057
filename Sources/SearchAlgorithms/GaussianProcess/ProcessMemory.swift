import Foundation

/// What a Gaussian process computed last, kept between suggestions: a cache, which never decides anything.
///
/// Copies of a search share it. What is kept names the log that it belongs to, and is used for that log or one that
/// continues it alone.
///
/// `@unchecked Sendable`: `kept` is read and written under `lock` alone.
final class ProcessMemory<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var kept: Value?

  /// Gives what is kept, and keeps it no longer: so one caller may change it without a copy.
  func take() -> Value? {
    lock.withLock {
      defer { kept = nil }
      return kept
    }
  }

  /// Keeps a value instead of what was kept.
  func keep(_ value: Value) { lock.withLock { kept = value } }
}
