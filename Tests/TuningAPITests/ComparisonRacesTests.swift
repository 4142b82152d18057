import Foundation
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// What each trial of a comparison is charged.
@Suite struct ComparisonRacesTests {
  private func brief(
    _ number: Int, _ state: TrialState = .completed, point: UInt64? = nil, seconds: Double?, from origin: String? = nil
  ) -> TrialBrief {
    TrialBrief(
      number: number, state: state, value: state == .completed ? 1 : nil, point: point ?? UInt64(number), setting: nil,
      computeSeconds: seconds, reusedFrom: origin)
  }

  @Test func anEvaluationIsChargedAsIfItWerePaid() async throws {
    let bench = StudyBench()
    for name in ["one", "two"] { _ = try await bench.supervisor.create(StudyBench.definition(name)) }
    let races = ComparisonRaces([
      "one": [brief(1, seconds: 3), brief(2, .stopped, seconds: nil), brief(3, .failed, seconds: nil)],
      "two": [
        brief(1, point: 9, seconds: 0, from: "one/trials/1"), brief(2, point: 1, seconds: 0, from: "one"),
        brief(3, seconds: 0, from: "elsewhere/trials/1"), brief(4, seconds: 5), brief(5, .running, seconds: nil),
        brief(6, seconds: 7),
      ],
    ])
    #expect(races.race(try await bench.study("one"), iterations: 4).trials.map(\.seconds) == [3, 0])
    let two = races.race(try await bench.study("two"), iterations: 4)
    // By the number of the trial that paid, or by the point; what was paid elsewhere is not known; and nothing beyond a
    // trial that is open.
    #expect(two.trials.map(\.seconds) == [3, 3, nil, 5] && two.trials.allSatisfy { $0.iterations == 4 })
    #expect(!two.hasEnded)
  }
}
