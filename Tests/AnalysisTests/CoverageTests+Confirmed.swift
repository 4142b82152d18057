import SearchAlgorithms
import SearchSpace
import Studies
import Testing

@testable import Analysis

/// What the interval says of the point that `confirm` has left first: its new runs alone are chosen among, so it is the best
/// by luck and by worth.
extension CoverageTests {
  /// The interval of the point that leads after a race of `runs` new runs, and that point's place.
  private func winner(
    of points: Int, runs: Int, _ scoring: Scoring, _ score: (Int) -> Double
  ) -> (place: Int, interval: PointStatistics.Interval?)? {
    var race = LeaderRace((0..<points).map { _ in LeaderRace.Runs() }, maximize: true)
    var round = race.firstRound(LeaderRace.runsAtFirst)
    var (used, look, next) = (0, 0, 0)
    while true {
      for place in round.prefix(runs - used) {
        race.begin(place)
        race.add(score(place), of: place)
        used += 1
      }
      let isLook = used >= next || used >= runs
      if isLook { (look, next) = (look + 1, used * 5 / 4 + 1) }
      let verdict = race.judge(confidence: 0.95, look: isLook ? look : nil)
      if verdict != .open || used >= runs { break }
      round = race.nextRound()
    }
    guard let place = race.leader else { return nil }
    let one = race.runs[place]
    let confirmed = BestPoint.Confirmed(
      mean: one.mean, squaredDeviations: one.squares, runs: one.count, left: race.left.count)
    return (place, PointStatistics(confirmed, scoring).interval)
  }

  /// Losses of points that are equal, or of which one is better by a deviation of a run.
  @Test(arguments: [2, 10], [0.0, 1]) func intervalsOfConfirmedLosses(_ points: Int, _ ahead: Double) {
    var draws = DrawnScores(seed: UInt64(points * 10) + UInt64(ahead))
    let scoring = Scoring(isFraction: false, examples: nil, folds: 1)
    let means = (0..<points).map { $0 == 0 ? 20 + ahead : 20 }
    let covered = share("confirmed losses, \(points) points, \(ahead) ahead") {
      guard let found = winner(of: points, runs: 60, scoring, { means[$0] + draws.normal() }),
        let interval = found.interval
      else { return false }
      return interval.lower <= means[found.place] && means[found.place] <= interval.upper
    }
    #expect(covered >= 0.9, "\(covered)")
  }

  /// Accuracies on 50 examples, of points that are equal.
  @Test(arguments: [2, 10], [0.6, 0.75, 0.9]) func intervalsOfConfirmedAccuracies(_ points: Int, _ truth: Double) {
    var draws = DrawnScores(seed: UInt64(points * 1000) + UInt64(truth * 100))
    let scoring = Scoring(isFraction: true, examples: 50, folds: 1)
    let law = BinomialLaw(truth, of: 50)
    let covered = share("confirmed accuracies, \(points) points, \(truth)") {
      guard let interval = winner(of: points, runs: 60, scoring, { _ in law.share(draws.uniform()) })?.interval else {
        return false
      }
      return interval.lower <= truth && truth <= interval.upper
    }
    #expect(covered >= 0.9, "\(covered)")
  }
}
