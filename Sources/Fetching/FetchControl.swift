import Promises

/// Watches a transfer from another thread, and ends it.
public final class FetchControl: Sendable {
  private let state = Locked((isCancelled: false, receivedBytes: 0))

  /// Makes a control of no transfer yet.
  public init() {}

  /// Bytes received so far, of all files fetched under this control.
  public var receivedBytes: Int { state.value.receivedBytes }

  /// Whether `cancel` was called.
  public var isCancelled: Bool { state.value.isCancelled }

  /// Ends the transfer within about a second.
  public func cancel() { state.withLock { $0.isCancelled = true } }

  func add(_ bytes: Int) { state.withLock { $0.receivedBytes += bytes } }
}
