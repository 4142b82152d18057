import Dispatch

/// A value on its way from a thread, a queue or a callback to the task that waits for it.
///
/// The value passes under a lock. A continuation alone would order it too, but the thread sanitizer does not see that where
/// the value is there before the task has begun to wait.
public final class Promise<Value: Sendable>: Sendable {
  private let value = Locked(Value?.none)
  private let continuation: CheckedContinuation<Void, Never>

  private init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }

  /// Gives the value to the task that waits; once, from any thread.
  public func keep(_ value: Value) {
    self.value.withLock { $0 = value }
    continuation.resume()
  }

  /// Waits for what `begin` sees to: that the promise is kept, at once or later.
  public static func kept(
    isolation: isolated (any Actor)? = #isolation, _ begin: (Promise<Value>) -> Void
  ) async -> Value {
    var promise: Promise<Value>?
    await withCheckedContinuation { continuation in
      let made = Promise(continuation)
      promise = made
      begin(made)
    }
    guard let value = promise?.value.value else {
      preconditionFailure("a promise ended without its value")
    }
    return value
  }
}

extension DispatchQueue {
  /// Runs `body` on the queue and waits for what it gives, without holding a cooperative thread.
  public func value<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await Promise<Value>.kept { promise in async { promise.keep(body()) } }
  }
}
