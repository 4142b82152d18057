import Foundation
import SearchSpace
import Studies
import Testing

@testable import Analysis

/// What intervals and comparisons say of scores whose laws are known. Each draws from its own seed, so that it always counts
/// the same.
@Suite struct CoverageTests {
  /// `CAIRN_LONG_TESTS=1` draws as many as docs/http-api.md tells of, and prints what it counts.
  private static let isLong = ProcessInfo.processInfo.environment["CAIRN_LONG_TESTS"] == "1"
  static let studies = isLong ? 2000 : 300
  /// Three standard deviations of a count in as many studies, of which 95 % are right.
  static let tolerance = 3 * (0.95 * 0.05 / Double(studies)).squareRoot()

  func share(_ what: String, where holds: () -> Bool) -> Double {
    let found = Double((0..<Self.studies).count { _ in holds() }) / Double(Self.studies)
    if Self.isLong { print("counted: \(what): \(found)") }
    return found
  }

  private func point(_ scores: [Double]) -> BestPoint {
    let mean = scores.reduce(0, +) / Double(scores.count)
    return BestPoint(
      point: Point(), mean: mean, squaredDeviations: scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) },
      runs: scores.count, trials: [1], tieBreak: nil)
  }

  /// The losses of a point named beforehand: far from 0, where the interval is cut off.
  @Test(arguments: [2, 3, 5, 10, 20]) func intervalsOfLosses(_ runs: Int) {
    var draws = DrawnScores(seed: UInt64(runs))
    let scoring = Scoring(isFraction: false, examples: 50, folds: 1)
    let covered = share("losses, \(runs) runs") {
      let scores = (0..<runs).map { _ in 20 + draws.normal() }
      return PointStatistics(point(scores), scoring).interval.map { $0.lower <= 20 && 20 <= $0.upper } ?? false
    }
    #expect(abs(covered - 0.95) <= Self.tolerance, "\(covered)")
  }

  /// Accuracies on the same 50 examples in each run, of which some are easy and some are hard; `spread` is the standard
  /// deviation of what a run adds to the log odds of each.
  @Test(arguments: [2, 3, 5, 20], [0, 0.5, 1, 2]) func intervalsOfAccuracies(_ runs: Int, _ spread: Double) {
    var draws = DrawnScores(seed: UInt64(runs) << 8 + UInt64(spread * 10))
    let middle = 1.4
    let truth =
      (0..<40_000).reduce(0) { sum, _ in
        sum + 1 / (1 + exp(-(middle + draws.normal() + spread * draws.normal())))
      } / 40_000
    let scoring = Scoring(isFraction: true, examples: 50, folds: 1)
    let covered = share("accuracies, \(runs) runs, spread \(spread)") {
      let examples = (0..<50).map { _ in middle + draws.normal() }
      let scores = (0..<runs).map { _ in draws.accuracy(examples, run: spread * draws.normal()) }
      guard let interval = PointStatistics(point(scores), scoring).interval else { return false }
      return interval.covers == .both && interval.lower <= truth && truth <= interval.upper
    }
    #expect(covered >= 0.93, "\(covered)")
  }

  /// One run on 50 examples; what the same weights give on others.
  @Test(arguments: [0.6, 0.75, 0.9]) func intervalsOfOneRun(_ truth: Double) {
    var draws = DrawnScores(seed: UInt64(truth * 100))
    let scoring = Scoring(isFraction: true, examples: 50, folds: 1)
    let law = BinomialLaw(truth, of: 50)
    let covered = share("one run, \(truth)") {
      guard let interval = PointStatistics(point([law.share(draws.uniform())]), scoring).interval else {
        return false
      }
      return interval.covers == .examples && interval.lower <= truth && truth <= interval.upper
    }
    #expect(covered >= 0.93, "\(covered)")
  }

  /// How often a study says of points that are equal that none can be told apart from the best.
  private func allRemain(
    _ points: Int, _ runs: Int, _ scoring: Scoring, shared: Bool, seed: UInt64, _ score: (inout DrawnScores) -> Double
  ) -> Double {
    var draws = DrawnScores(seed: seed)
    return share("\(points) equal points, \(runs) runs, shared \(shared), \(scoring.isFraction)") {
      let made = (0..<points).map { place in
        let scores = (0..<runs).map { _ in score(&draws) }
        let first = shared ? 0 : place * runs
        return ScoredRuns(
          trial: place + 1, mean: scores.mean,
          scores: Dictionary(
            uniqueKeysWithValues: scores.enumerated().map { (ScoredRuns.Key(stream: first + $0.offset), $0.element) }))
      }.sorted { ($0.mean, $0.trial) > ($1.mean, $1.trial) }
      return Leaders(made, scoring, maximize: true).members.count == points
    }
  }

  @Test(arguments: [2, 3, 5, 20], [2, 10]) func equalPointsCannotBeToldApart(_ runs: Int, _ points: Int) {
    let seed = UInt64(runs * 100 + points)
    let exact = Scoring(isFraction: false, examples: nil, folds: 1)
    let fifty = Scoring(isFraction: true, examples: 50, folds: 1)
    for shared in [true, false] {
      let normal = allRemain(points, runs, exact, shared: shared, seed: seed) { $0.normal() }
      #expect(normal >= 0.95 - Self.tolerance, "normal, shared \(shared): \(normal)")
      for right in [0.6, 0.9, 0.98] {
        let law = BinomialLaw(right, of: 50)
        let found = allRemain(points, runs, fifty, shared: shared, seed: seed) { law.share($0.uniform()) }
        #expect(found >= 0.95 - Self.tolerance, "\(right), shared \(shared): \(found)")
      }
    }
  }

  /// The other error: a difference of two standard deviations of a run is seen in eight shared runs.
  @Test func unequalPointsAreToldApart() {
    var draws = DrawnScores(seed: 5)
    let exact = Scoring(isFraction: false, examples: nil, folds: 1)
    let found = share("unequal points") {
      let made = [3.0, 0.5, 0].enumerated().map { place, mean in
        let scores = (0..<8).map { _ in mean + draws.normal() }
        return ScoredRuns(
          trial: place + 1, mean: scores.mean,
          scores: Dictionary(
            uniqueKeysWithValues: scores.enumerated().map { (ScoredRuns.Key(stream: $0.offset), $0.element) }))
      }.sorted { $0.mean > $1.mean }
      return Leaders(made, exact, maximize: true).members.map(\.trial) == [1]
    }
    #expect(found >= 0.8, "\(found)")
  }
}
