import HTTPMessages
import Promises
import Studies

/// Has trials' networks judged, each once, and keeps what came of it: a trial's outcome never changes, and so neither does
/// this.
final class EvaluationDesk: Sendable {
  private struct State {
    var kept = LeastRecentlyUsed<ModelKey, TrialEvaluation>(limit: 16 << 20) { $0.bytes }
    var running: Set<ModelKey> = []
    /// What went wrong, until somebody is told.
    var failures: [ModelKey: StudyError] = [:]
  }

  /// More are not begun at once: each is judged after the other.
  private static let mostRunning = 16

  private let state = Locked(State())
  private let waiters = Waiters<ModelKey>()
  /// One at a time: each holds a network and a data set in memory.
  private let line = ExpensiveAnswers(atOnce: 1)

  /// What is kept of a trial's repeat.
  func find(_ key: ModelKey) -> TrialEvaluation? { state.withLock { $0.kept.value(for: key) } }

  /// Has `judge` begin where nobody has, and waits for what it gives; nil where that is not there after `seconds`.
  func evaluation(
    _ key: ModelKey, seconds: Double,
    judge: @escaping @Sendable () async throws(StudyError) -> TrialEvaluation?
  ) async throws(APIProblem) -> TrialEvaluation? {
    let begins = state.withLock { state -> Bool? in
      if state.running.contains(key) || state.kept.value(for: key) != nil { return false }
      guard state.running.count < Self.mostRunning else { return nil }
      state.running.insert(key)
      return true
    }
    guard let begins else { throw ExpensiveAnswers.busy }
    if begins {
      Task {
        do {
          end(key, .success(try await line.makePiece(judge)))
        } catch { end(key, (error as? StudyError).map { .failure($0) } ?? .success(nil)) }
      }
    }
    _ = await waiters.wait(for: key, seconds: seconds) { state.withLock { !$0.running.contains(key) } }
    if let failure = state.withLock({ $0.failures.removeValue(forKey: key) }) { throw APIProblem(failure) }
    return find(key)
  }

  private func end(_ key: ModelKey, _ result: Result<TrialEvaluation?, StudyError>) {
    state.withLock { state in
      state.running.remove(key)
      switch result {
      case .success(let made?): state.kept.insert(made, for: key)
      case .success(nil): break
      case .failure(let error):
        if state.failures.count >= Self.mostRunning { state.failures = [:] }
        state.failures[key] = error
      }
    }
    waiters.wake(key)
  }
}

extension TrialEvaluation {
  /// About how many bytes it takes.
  fileprivate var bytes: Int {
    1_000 + 8 * ((confusion?.count ?? 0) + mistakes.reduce(0) { $0 + $1.probabilities.count } + 8 * classes.count)
  }
}
