import Dispatch
import Promises

/// Lets a few expensive answers be made at once, those whose size or cost grows with a study, so that the store's readers
/// and the processor are left for all others.
///
/// What is made in pieces takes its turn for each piece, so that a client that takes its time holds nobody up.
final class ExpensiveAnswers: Sendable {
  private let atOnce: Int
  private let lineLength: Int
  private let patience: Double
  private let state = Locked(State())

  private struct State {
    var running = 0
    var line: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    var newcomers: Set<Int> = []

    /// Takes one out of the line; nil where it is not in line any more.
    mutating func remove(_ number: Int) -> CheckedContinuation<Bool, Never>? {
      guard let place = line.firstIndex(where: { $0.number == number }) else { return nil }
      newcomers.remove(number)
      return line.remove(at: place).continuation
    }
  }

  /// Lets `atOnce` run; of those that have not begun yet, `lineLength` may wait, for `patience` seconds.
  init(atOnce: Int = 2, lineLength: Int = 64, patience: Double = 10) {
    self.atOnce = atOnce
    self.lineLength = lineLength
    self.patience = patience
  }

  /// How many run, and how many wait.
  var load: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.line.count) } }

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
    await state.answer { state, number, continuation in
      if Task.isCancelled { return false }
      if state.running < atOnce {
        state.running += 1
        return true
      }
      if isNew {
        if state.newcomers.count >= lineLength { return false }
        state.newcomers.insert(number)
        DispatchQueue.global().asyncAfter(deadline: .now() + patience) { [weak self] in
          self?.state.withLock { $0.remove(number) }?.resume(returning: false)
        }
      }
      state.line.append((number, continuation))
      return nil
    } takeBack: { state, number in
      state.remove(number)
    }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.line.isEmpty else {
        state.running -= 1
        return nil
      }
      // The place goes over to the next in line.
      let first = state.line.removeFirst()
      state.newcomers.remove(first.number)
      return first.continuation
    }
    next?.resume(returning: true)
  }
}
