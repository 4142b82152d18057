import Foundation
import Testing

@testable import Analysis

/// Comparisons whose numbers were worked out by hand; p values are those of SciPy 1.17 where a line says so.
@Suite struct ComparisonTests {
  private func race(_ seed: Int, _ values: [Double?], hasEnded: Bool = true, study: String = "s") -> ComparedRace {
    ComparedRace(
      study: study, pair: .init(seed: seed, trainingSeed: 0), hasEnded: hasEnded,
      trials: values.enumerated().map { place, value in
        // The point follows from the value: the same value is the same point.
        ComparedTrial(
          value: value, point: value?.bitPattern ?? UInt64(place), iterations: 10, seconds: Double(place + 1))
      })
  }

  private func comparison(_ entries: [(String, [ComparedRace])], maximize: Bool = true) -> Comparison {
    Comparison(entries.map { .init(name: $0.0, races: $0.1) }, maximize: maximize)
  }

  @Test func theBestSoFarIsTheMeanOverSeeds() {
    let result = comparison([("a", [race(0, [0.1, 0.5, 0.3]), race(1, [nil, 0.3, 0.7])])]).results[0]
    // The second race has no value at its first trial.
    #expect(result.byTrials.places == [2, 3])
    #expect(result.byTrials.mean == [0.4, 0.6])
    // Of two values, a draw has each of three means, and a quarter of the draws has the lowest.
    #expect(result.byTrials.lower == [0.3, 0.5] && result.byTrials.upper == [0.5, 0.7])
    let iterations = result.byIterations
    #expect(iterations?.places.first == 20 && iterations?.places.last == 30)
    #expect(iterations?.mean.first == 0.4 && iterations?.mean.last == 0.6)
    // 1, 3 and 6 seconds were spent at the ends of the trials.
    #expect(result.bySeconds?.places.first == 3 && result.bySeconds?.places.last == 6)
  }

  @Test func lowerIsBetterWhereThatIsTheGoal() {
    let result = comparison([("a", [race(0, [0.5, 0.7, 0.2])])], maximize: false).results[0]
    #expect(result.byTrials.places == [1, 2, 3] && result.byTrials.mean == [0.5, 0.5, 0.2])
    #expect(result.byTrials.lower.isEmpty && result.byTrials.upper.isEmpty)
  }

  @Test func aRaceThatHasEndedKeepsItsBestAndAnOpenOneEndsTheCurve() {
    let ended = race(0, [0.5])
    let long = comparison([("a", [ended, race(1, [0.1, 0.2, 0.9])])]).results[0]
    #expect(long.byTrials.places == [1, 2, 3] && long.byTrials.mean == [0.3, 0.35, 0.7])
    let open = comparison([("a", [race(0, [0.5, 0.6], hasEnded: false), race(1, [0.1, 0.2, 0.9])])])
    #expect(open.results[0].byTrials.places == [1, 2] && !open.hasEnded)
    #expect(open.results[0].rank == 1, "one seed has ended")
  }

  @Test func aCurveHasTwoHundredPlacesAtMost() {
    let values = (0..<1000).map { Double($0) }
    let curve = comparison([("a", [race(0, values)])]).results[0].byTrials
    #expect(curve.places.count == 200 && curve.places.first == 1 && curve.places.last == 1000)
    #expect(curve.places.enumerated().allSatisfy { curve.mean[$0.offset] == $0.element - 1 })
    let few = comparison([("a", [race(0, Array(values.prefix(200)))])]).results[0].byTrials
    #expect(few.places == (1...200).map { Double($0) })
  }

  @Test func trialsToReachWhatTheBestPointsReach() {
    // Twenty distinct points, 1 to 20: the best tenth reaches 19, the best twentieth and hundredth 20.
    let low = race(0, (1...20).map { Double($0) })
    let high = race(1, [20, 20, 3])
    let result = comparison([("a", [low, high])]).results[0]
    #expect(result.targets.map(\.share) == [0.1, 0.05, 0.01])
    #expect(result.targets.map(\.value) == [19, 20, 20])
    #expect(result.targets.map(\.half) == [1, 1, 1])
    #expect(result.targets.map(\.nineTenths) == [19, 20, 20])
    let other = comparison([("a", [low]), ("b", [race(0, [1, 2])])]).results[1]
    #expect(other.targets.map(\.half) == [nil, nil, nil])
    // All studies of an algorithm may be gone.
    let left = comparison([("a", [low]), ("b", [])])
    #expect(left.results[1].targets.map(\.half) == [nil, nil, nil] && left.results[1].byTrials.places.isEmpty)
    #expect(left.results.map(\.rank) == [nil, nil] && left.tests.isEmpty)
  }

  @Test func ranksOverSeedsWithTiesShared() {
    let made = comparison([
      ("a", [race(0, [0.9]), race(1, [0.5]), race(2, [0.7])]),
      ("b", [race(0, [0.8]), race(1, [0.5]), race(2, [nil])]),
      // Seed 2 is not among all three.
      ("c", [race(0, [0.8]), race(1, [0.1])]),
    ])
    // Seed 0: 1, 2.5, 2.5; seed 1: 1.5, 1.5, 3.
    #expect(made.results.map(\.rank) == [1.25, 2, 2.75])
    #expect(made.tests.map { [$0.first, $0.second] } == [["a", "b"], ["a", "c"], ["b", "c"]])
    #expect(made.tests[0].seeds == 3 && made.tests[0].firstBetter == 2 && made.tests[0].secondBetter == 0)
  }

  @Test func signedRanks() {
    // Five of 32 signs: 2/32.
    #expect(SignedRankTest.p([1, 2, 3, 4, 5]) == 0.0625)
    // Sums of at most 3 are 0, 1, 2, 3 and 1 + 2: five of eight.
    #expect(SignedRankTest.p([1, 2, -3]) == 1)
    // Ranks 1.5, 1.5 and 3; sums of at most 1.5 are 0 and both of 1.5: three of eight.
    #expect(SignedRankTest.p([1, -1, 2]) == 0.75)
    // What is equal is left out: 2/8.
    #expect(SignedRankTest.p([0, 1, 0, 1, 2, 0]) == 0.25)
    #expect(SignedRankTest.p([0, 0]) == 1 && SignedRankTest.p([]) == 1)
    // Differences beyond all numbers are ranked last.
    #expect(SignedRankTest.p([.infinity, .infinity, 1]) == 0.25)
    // 25 are exact, 2/2²⁵; z = 232.5/√2363.75 for 30; z² = 26 for 26 equal ones.
    #expect(SignedRankTest.p((1...25).map { Double($0) }) == pow(2, -24))
    #expect(abs(SignedRankTest.p((1...30).map { Double($0) }) / erfc(232.5 / (2 * 2363.75).squareRoot()) - 1) < 1e-12)
    #expect(abs(SignedRankTest.p([Double](repeating: 1, count: 26)) / erfc(13.0.squareRoot()) - 1) < 1e-12)
  }

  @Test func holm() {
    let corrected = SignedRankTest.holm([0.01, 0.04, 0.03])
    #expect(zip(corrected, [0.03, 0.06, 0.06]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(SignedRankTest.holm([0.9, 0.8]) == [1, 1] && SignedRankTest.holm([]).isEmpty)
  }

  @Test func oneSentence() {
    func races(_ values: [Double]) -> [ComparedRace] { values.enumerated().map { race($0.offset, [$0.element]) } }
    let low = (0..<10).map { Double($0) / 100 }
    let high = low.enumerated().map { $0.element + 0.5 + Double($0.offset) / 1000 }
    // Half of its seeds are better than those of the best, by as much as the others are worse.
    let alike = high.enumerated().map { $0.element + ($0.offset % 2 == 0 ? -0.1 : 0.09) }
    let made = comparison([("random", races(low)), ("tpe", races(high)), ("descent", races(alike))])
    #expect(made.results.map(\.rank) == [3, 1.5, 1.5])
    // 2/2¹⁰ times three tests.
    #expect(
      made.detail
        == "tpe found better points than random in 10 of 10 seeds (p = 0.006); tpe cannot be told apart from descent.")
    #expect(comparison([("a", races(low))]).detail == "There is one algorithm, and nothing to compare it with.")
    let open = comparison([("a", [race(0, [1], hasEnded: false)]), ("b", [race(0, [1])])])
    #expect(open.detail == "No seed has ended with every algorithm.")
    let apart = comparison([("a", [race(0, [1])]), ("b", [race(1, [1])])])
    #expect(apart.detail == "The algorithms have no seed in common, so that they cannot be compared.")
    #expect(comparison([("a", [race(0, [1])]), ("b", [race(0, [1])])]).detail == "a cannot be told apart from b.")
  }

  @Test func intervalsFollowFromTheValuesAlone() {
    let values = (0..<20).map { Double(($0 * 7) % 20) }
    let first = Resamples(of: 20).interval(of: values)
    let second = Resamples(of: 20).interval(of: values)
    #expect(first == second)
    // The mean is 9.5, its standard error 5.766 / √20 = 1.289: the interval is about 9.5 ± 2.53.
    #expect(abs(first.lower - 6.97) < 0.4 && abs(first.upper - 12.03) < 0.4, "\(first)")
  }
}
