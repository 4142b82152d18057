import Synchronization

/// What each wait is known by; none is used twice.
private let waits = Atomic<Int>(0)

extension Locked {
  /// Gives an answer that the state has now, or will have.
  ///
  /// `ask` gives the answer, or keeps the continuation in the state under its number; the one who takes it out there
  /// resumes it with the answer. Where the task is cancelled, `takeBack` takes the continuation out again, if it is still
  /// there, and the answer is false. Both run under the lock.
  public func answer(
    ask: (inout State, _ number: Int, CheckedContinuation<Bool, Never>) -> Bool?,
    takeBack: @escaping @Sendable (inout State, _ number: Int) -> CheckedContinuation<Bool, Never>?
  ) async -> Bool {
    let number = waits.add(1, ordering: .relaxed).newValue
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = withLock { state in
          if let answer = ask(&state, number, continuation) { return answer }
          // Cancelled before there was anything to take back.
          return Task.isCancelled && takeBack(&state, number) != nil ? false : nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      withLock { takeBack(&$0, number) }?.resume(returning: false)
    }
  }
}
