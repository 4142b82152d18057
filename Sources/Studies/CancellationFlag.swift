import Synchronization

/// Tells running work that its result is not wanted any more.
public final class CancellationFlag: Sendable {
  private let flag = Atomic(false)

  /// Makes a flag that is not set.
  public init() {}

  /// Whether it was set.
  public var isSet: Bool { flag.load(ordering: .acquiring) }

  /// Sets it for good.
  public func set() { flag.store(true, ordering: .releasing) }
}
