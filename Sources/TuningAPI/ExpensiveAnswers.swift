import Foundation

/// Lets a few expensive answers be made at once, those whose size or cost grows with a study, so that the store's readers
/// and the processor are left for all others.
///
/// What is made in pieces takes its turn for each piece, so that a client that takes its time holds nobody up.
/// `@unchecked Sendable`: every variable is read and written under the lock alone.
final class ExpensiveAnswers: @unchecked Sendable {
  private let atOnce: Int
  private let lineLength: Int
  private let patience: Double
  private let lock = NSLock()
  private var running = 0
  private var line: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  private var newcomers: Set<Int> = []
  private var count = 0

  /// Lets `atOnce` run; of those that have not begun yet, `lineLength` may wait, for `patience` seconds.
  init(atOnce: Int = 2, lineLength: Int = 64, patience: Double = 10) {
    self.atOnce = atOnce
    self.lineLength = lineLength
    self.patience = patience
  }

  /// How many run, and how many wait.
  var load: (running: Int, waiting: Int) { lock.withLock { (running, line.count) } }

  /// Makes an answer, or the first piece of one, in its turn; 503 where too many wait or it waited too long.
  func make<Value>(_ body: () async throws(APIProblem) -> Value) async throws(APIProblem) -> Value {
    guard await enter(isNew: true) else { throw Self.busy }
    defer { leave() }
    return try await body()
  }

  /// Makes a further piece in its turn, however long that takes; throws where the task is cancelled.
  func makePiece<Value>(_ body: () async throws -> Value) async throws -> Value {
    guard await enter(isNew: false) else { throw CancellationError() }
    defer { leave() }
    return try await body()
  }

  static let busy = APIProblem.unavailable("Too many large answers are being made at this moment; try again soon.")

  private func enter(isNew: Bool) async -> Bool {
    let id = lock.withLock {
      count += 1
      return count
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = lock.withLock {
          if Task.isCancelled { return false }
          if running < atOnce {
            running += 1
            return true
          }
          if isNew {
            if newcomers.count >= lineLength { return false }
            newcomers.insert(id)
          }
          line.append((id, continuation))
          return nil
        }
        if let answer { return continuation.resume(returning: answer) }
        if isNew {
          DispatchQueue.global().asyncAfter(deadline: .now() + patience) { [weak self] in self?.giveUp(id) }
        }
      }
    } onCancel: {
      giveUp(id)
    }
  }

  private func leave() {
    let next = lock.withLock { () -> CheckedContinuation<Bool, Never>? in
      guard !line.isEmpty else {
        running -= 1
        return nil
      }
      // The place goes over to the next in line.
      let first = line.removeFirst()
      newcomers.remove(first.id)
      return first.continuation
    }
    next?.resume(returning: true)
  }

  private func giveUp(_ id: Int) {
    let gone = lock.withLock { () -> CheckedContinuation<Bool, Never>? in
      guard let place = line.firstIndex(where: { $0.id == id }) else { return nil }
      newcomers.remove(id)
      return line.remove(at: place).continuation
    }
    gone?.resume(returning: false)
  }
}
