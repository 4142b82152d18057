import Foundation
import TestSupport
import Testing

@testable import Studies

/// The wall clock is set while studies run: what is stored stays in order, and durations are those that passed.
@Suite struct TimeTests {
  @Test func aTrialThatIsTriedAgainLastsAsItsLastAttempt() async throws {
    let clock = ManualClock()
    let bench = StudyBench(clock: clock)
    _ = try await bench.supervisor.create(StudyBench.definition("s", sizes: [1]))
    try await bench.work(1, on: "s") { assignment in
      clock.step(by: -50)
      clock.advance(by: Double(assignment.attempt))
      return assignment.attempt < 3 ? .failed(message: "gone", class: .lost) : StudyBench.completed(1)
    }
    let trial = try await bench.trials("s")[0]
    #expect(trial.attempt == 3 && trial.durationSeconds == 3)
    #expect(trial.createdAt <= (try #require(trial.startedAt)))
  }

  @Test func newestFirstIsTheOrderOfPosts() async throws {
    let clock = ManualClock()
    let bench = StudyBench(clock: clock)
    for name in ["a", "b"] { _ = try await bench.supervisor.create(StudyBench.definition(name)) }
    clock.step(by: -3600)
    for name in ["c", "d"] { _ = try await bench.supervisor.create(StudyBench.definition(name)) }
    // Also after a start.
    let next = StudyBench(store: bench.store, clock: clock)
    try await next.supervisor.start()
    _ = try await next.supervisor.create(StudyBench.definition("e"))
    let names = try await bench.store.studies(StudyFilter(), after: nil, limit: 10).value.items.map(\.name)
    #expect(names == ["e", "d", "c", "b", "a"])
  }
}
