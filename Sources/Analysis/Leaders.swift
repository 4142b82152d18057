import Studies

/// Which points cannot be told apart from the best, among those with two scores or more.
///
/// The tests are about chance between runs: other weights, and where there are folds other examples. Points that are scored
/// on the same examples share the luck of these, and no test sees it.
///
/// The p values are corrected by Holm's steps (1979, www.jstor.org/stable/4615733): from the smallest on, a point is told
/// apart while p · r(r − 1)/2 ≤ 0.05, where r points are left, the best among them. The factor counts all pairs of these, as
/// in Shaffer (1986, doi:10.1080/01621459.1986.10478341), not the r − 1 comparisons with the best alone: which point is best
/// was chosen by the same scores. If any number of points are equal, all of them remain with probability 0.95.
public struct Leaders: Sendable, Hashable {
  /// A point that cannot be told apart from the best.
  public struct Member: Sendable, Hashable {
    /// The number of its first trial.
    public var trial: Int
    /// Corrected, over 0.05; nil of the best itself.
    public var p: Double?
  }

  /// p values up to this tell points apart.
  public static let level = 0.05

  /// The best first, then as they are ranked; empty where no point has two scores.
  public let members: [Member]
  /// How many points were compared, the best among them.
  public let compared: Int
  /// The largest corrected p of a point that was told apart; nil where none was.
  public let largestApart: Double?

  /// Compares points with the best of them. `points`: best first. O(points · log points + scores).
  public init(_ points: [ScoredRuns], _ scoring: Scoring, maximize: Bool) {
    let points = points.filter { $0.values.count >= 2 }
    compared = points.count
    guard let best = points.first else {
      (members, largestApart) = ([], nil)
      return
    }
    let test = DifferenceTest(folds: scoring.folds, step: Self.step(points, scoring))
    let raw = points.map { test.p(best, isBetterThan: $0, maximize: maximize) }
    var corrected: [Double?] = Array(repeating: nil, count: points.count)
    var left = points.count
    var largest = 0.0
    // Equal ones in the order of the ranks, so that the answer is the same each time.
    for place in (1..<max(1, points.count)).sorted(by: { (raw[$0], $0) < (raw[$1], $1) }) {
      largest = max(largest, min(1, raw[place] * Double(left * (left - 1) / 2)))
      corrected[place] = largest
      left -= 1
    }
    members = zip(points, corrected).compactMap { point, p in
      p.map { $0 > Self.level } ?? true ? Member(trial: point.trial, p: p) : nil
    }
    largestApart = corrected.compactMap { $0 }.filter { $0 <= Self.level }.max()
  }

  /// The distance between neighbouring accuracies; where that is not known, the smallest between two of the scores.
  private static func step(_ points: [ScoredRuns], _ scoring: Scoring) -> Double {
    if scoring.isFraction, let examples = scoring.examples, examples > 0 {
      let isFolded = scoring.folds > 1 && points.allSatisfy(\.isFolded)
      return Double(isFolded ? scoring.folds : 1) / Double(examples)
    }
    let scores = points.flatMap(\.values).sorted()
    let gaps = zip(scores.dropFirst(), scores).map { $0 - $1 }
    // Sums of the same numbers in another order differ by less.
    let noise = 1e-9 * max(abs(scores.first ?? 0), abs(scores.last ?? 0))
    return gaps.filter { $0 > noise }.min() ?? 0
  }
}
