import Foundation

/// Tells running work that its result is not wanted any more.
///
/// `@unchecked Sendable`: the one variable is read and written under the lock alone.
public final class CancellationFlag: @unchecked Sendable {
  private let lock = NSLock()
  private var cancelled = false

  /// Makes a flag that is not set.
  public init() {}

  /// Whether it was set.
  public var isSet: Bool { lock.withLock { cancelled } }

  /// Sets it for good.
  public func set() { lock.withLock { cancelled = true } }
}
