import SearchSpace
import Studies
import Testing

@testable import Analysis

/// Intervals against the same formulas in SciPy 1.15 (norm, t and binomtest).
@Suite struct IntervalTests {
  private func point(_ scores: [Double]) -> BestPoint {
    let mean = scores.reduce(0, +) / Double(scores.count)
    return BestPoint(
      point: Point(), mean: mean, squaredDeviations: scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) },
      runs: scores.count, trials: [1], tieBreak: nil)
  }

  private func expect(
    _ scores: [Double], _ scoring: Scoring, _ lower: Double, _ upper: Double, _ covers: PointStatistics.Coverage
  ) throws {
    let interval = try #require(PointStatistics(point(scores), scoring).interval)
    #expect(abs(interval.lower - lower) < 1e-8 && abs(interval.upper - upper) < 1e-8, "\(interval)")
    #expect(interval.covers == covers)
  }

  private func accuracy(_ examples: Int?, folds: Int = 1) -> Scoring {
    Scoring(isFraction: true, examples: examples, folds: folds)
  }

  private func loss(folds: Int = 1) -> Scoring { Scoring(isFraction: false, examples: 100, folds: folds) }

  @Test func oneRunCoversItsExamples() throws {
    try expect([1], accuracy(45), 0.9213484012671117, 1, .examples)
    try expect([0.66], accuracy(50), 0.521538260502326, 0.7756305077749992, .examples)
  }

  @Test func severalRunsCoverBoth() throws {
    try expect([0.5625, 0.725], accuracy(40), 0.07391866162134436, 0.9761388258066408, .both)
    try expect([0.8, 0.82, 0.78, 0.81, 0.79], accuracy(1000), 0.7665560502777025, 0.82971699801867, .both)
    try expect([0.98, 0.981], accuracy(10_000), 0.9723027630521659, 0.9863053639386865, .both)
    try expect([1, 1, 1], accuracy(45), 0.9213484012671117, 1, .both)
  }

  @Test func foldsAreCorrectedForWhatTheyShare() throws {
    try expect(
      [0.8, 0.9, 0.85, 0.75, 0.95], accuracy(100, folds: 5), 0.681075492988353, 0.9376424170690184, .both)
    // A trial from before folds were told has one score for all of them.
    try expect([0.66], accuracy(50, folds: 5), 0.521538260502326, 0.7756305077749992, .examples)
  }

  @Test func withoutExamplesRunsAlone() throws {
    try expect([0.8, 0.82, 0.78], accuracy(nil), 0.7459279870434139, 0.8449562350011133, .runs)
    #expect(PointStatistics(point([0.8]), accuracy(nil)).interval == nil)
    #expect(PointStatistics(point([0.8, 0.8]), accuracy(nil)).interval == nil)
  }

  @Test func lossesAreAtLeastZero() throws {
    try expect([0.5, 0.6, 0.7], loss(), 0.35158622882496704, 0.8484137711750329, .runs)
    try expect([0.1, 0.9], loss(), 0, 5.582481894469878, .runs)
    try expect([0.5, 0.6, 0.7, 0.4, 0.55], loss(folds: 5), 0.3417666171101656, 0.7582333828898344, .both)
    #expect(PointStatistics(point([0.5]), loss()).interval == nil)
  }

  @Test func whatCallersTellMayBeNegative() throws {
    let told = Scoring(isFraction: false, isNonNegative: false, examples: nil, folds: 1)
    try expect([0.1, 0.9], told, -4.582481894469878, 5.582481894469878, .runs)
    try expect([-0.5, -0.6, -0.7], told, -0.8484137711750329, -0.35158622882496704, .runs)
  }

  @Test func accuraciesStayInsideTheirRange() throws {
    for first in stride(from: 0.0, through: 1, by: 0.05) {
      for second in stride(from: 0.0, through: 1, by: 0.05) {
        for examples in [1, 7, 45, 10_000] {
          let point = point([first, second])
          let interval = try #require(PointStatistics(point, accuracy(examples)).interval)
          #expect(0 <= interval.lower && interval.lower <= point.mean, "\(first) \(second) \(examples)")
          #expect(point.mean <= interval.upper && interval.upper <= 1, "\(first) \(second) \(examples)")
        }
      }
    }
  }

  @Test func standardDeviation() throws {
    #expect(PointStatistics(point([0.5]), accuracy(10)).standardDeviation == nil)
    let three = try #require(PointStatistics(point([0.4, 0.5, 0.6]), accuracy(10)).standardDeviation)
    #expect(abs(three - 0.1) < 1e-12)
  }

  /// Degrees of freedom between whole numbers, from SciPy.
  @Test func studentsTBetweenWholeDegrees() {
    for (degrees, expected) in [(2.5, 3.57465484), (3.7, 2.86752071), (1000.5, 1.96233789), (1e9, 1.95996398)] {
      #expect(abs(StudentT.quantile975(degreesOfFreedom: degrees) - expected) < 1e-8)
    }
  }
}
