import NumericKernels

/// New runs for the points that may still be best, one round after the other: best-arm identification with fixed confidence.
///
/// Each round is one run of the leader and of the challengers that are least told from it for what they have cost: the top-two
/// rule with the transport cost of EB-TCI (Jourdan, Degenne, Baudry, de Heide and Kaufmann 2022, arXiv:2206.05979), with the
/// variances estimated. Now and then Welch's test takes out whom the leader has beaten, at a level that all comparisons of all
/// such looks share. Rounds and verdicts are a function of the values alone.
public struct LeaderRace: Sendable {
  /// The runs of one contender.
  public struct Runs: Sendable, Hashable {
    /// How many were begun, those without a value included.
    public var begun = 0
    /// How many have a value.
    public private(set) var count = 0
    /// Their mean.
    public private(set) var mean = 0.0
    /// The sum of squared deviations from it.
    public private(set) var squares = 0.0

    /// None yet.
    public init() {}

    /// Adds the value of a run (Welford 1962, doi:10.2307/1266577).
    public mutating func add(_ value: Double) {
      count += 1
      let difference = value - mean
      mean += difference / Double(count)
      squares += difference * (value - mean)
    }
  }

  /// What is known of the contenders.
  public enum Verdict: Sendable, Hashable {
    /// Several are left.
    case open
    /// One is left.
    case one
    /// All that are left gave one value in every run: more runs would tell nothing.
    case alike
    /// No contender has a value.
    case none
  }

  /// How many runs with a value a contender has before it is judged.
  private static let fewestJudged = 3
  /// How many runs each contender gets in a first round, where there are enough.
  public static let runsAtFirst = fewestJudged
  /// How many runs the deviation of all contenders counts for in that of each.
  private static let shared = 3.0
  /// How many contenders there are at most.
  public static let most = 1000

  /// The runs of each contender; the places are the order in which they led when the race began, which decides between
  /// equal means.
  public private(set) var runs: [Runs]
  /// The places of those that are still in, ascending.
  public private(set) var left: [Int]
  /// The place of the contender that leads; nil before anybody has a value.
  public private(set) var leader: Int?
  private let sign: Double

  /// Begins a race of contenders, of whom there may be runs already. `maximize`: whether larger values are better.
  public init(_ runs: [Runs], maximize: Bool) {
    self.runs = runs
    left = Array(runs.indices)
    sign = maximize ? 1 : -1
  }

  /// How many contenders `runs` new runs are for: enough to find the best among, and few enough to tell them apart.
  public static func contenders(for runs: Int) -> Int { min(max(runs / 6, 2), most) }

  /// The places of a first round's runs: every contender gets `each` in all, the first ones of all before the second ones.
  public func firstRound(_ each: Int) -> [Int] {
    (0..<each).flatMap { round in runs.indices.filter { runs[$0].begun <= round } }
  }

  /// Records that a run of a contender was begun.
  public mutating func begin(_ place: Int) { runs[place].begun += 1 }

  /// Records a run's value.
  public mutating func add(_ value: Double, of place: Int) { runs[place].add(value) }

  /// Finds the leader after a round. At a look it also takes out whom the leader has beaten, with the certainty that nobody
  /// is taken out wrongly at any look of at least `confidence`; `look`: which one it is, from 1, nil for none. Looks are few
  /// and far between, since each makes the others stricter. O(contenders × degrees of freedom).
  public mutating func judge(confidence: Double, look: Int?) -> Verdict {
    left = left.filter { runs[$0].count > 0 }
    guard let first = left.first else {
      leader = nil
      return .none
    }
    let best = left.dropFirst().reduce(first) { sign * runs[$1].mean > sign * runs[$0].mean ? $1 : $0 }
    leader = best
    let pooled = pooledVariance
    if let look {
      // Over all looks 1 / (l (l + 1)) adds up to 1, and over all challengers 1 / (K - 1).
      let level = (1 - confidence) / (Double(max(1, runs.count - 1)) * Double(look) * Double(look + 1))
      left = left.filter { $0 == best || !isBeaten($0, by: best, level: level, pooled) }
    }
    if left.count == 1 { return .one }
    return left.allSatisfy { isAlike($0, best, pooled) } ? .alike : .open
  }

  /// The places of the next round's runs, the leader's first; empty before anybody has a value. O(contenders · log).
  public func nextRound() -> [Int] {
    guard let leader else { return [] }
    let pooled = pooledVariance
    let challengers = left.filter { $0 != leader }.map { (place: $0, cost: cost(of: $0, against: leader, pooled)) }
    let chosen = challengers.sorted { ($0.cost, $0.place) < ($1.cost, $1.place) }
    return [leader] + chosen.prefix(max(2, runs.count / 4)).map(\.place)
  }

  // MARK: What the values say

  /// The variance of a run, of all contenders together; 0 where no contender has two values.
  private var pooledVariance: Double {
    var (squares, freedom) = (0.0, 0)
    for one in runs where one.count > 1 {
      squares += one.squares
      freedom += one.count - 1
    }
    return freedom > 0 ? squares / Double(freedom) : 0
  }

  /// The variance of a contender's mean: its own, drawn towards that of all, since two or three runs can be close by chance.
  private func variance(of place: Int, _ pooled: Double) -> Double {
    let one = runs[place]
    guard one.count > 0 else { return 0 }
    return (one.squares + Self.shared * pooled) / (Double(one.count - 1) + Self.shared) / Double(one.count)
  }

  /// The degrees of freedom of its own runs alone: with those of all, two equal contenders were told apart in 11 to 15 of
  /// 100 races.
  private func freedom(of place: Int) -> Double { Double(max(1, runs[place].count - 1)) }

  private func isJudged(_ place: Int) -> Bool { runs[place].count >= Self.fewestJudged }

  private func isBeaten(_ place: Int, by best: Int, level: Double, _ pooled: Double) -> Bool {
    guard isJudged(place), isJudged(best) else { return false }
    let difference = runs[best].mean - runs[place].mean
    let own = (variance(of: place, pooled), freedom(of: place))
    let other = (variance(of: best, pooled), freedom(of: best))
    guard own.0 + other.0 > 0 else { return difference != 0 }
    return WelchTest.probability(ofDifference: difference, own, other) <= level
  }

  private func isAlike(_ place: Int, _ best: Int, _ pooled: Double) -> Bool {
    isJudged(place) && isJudged(best) && runs[place].mean == runs[best].mean
      && variance(of: place, pooled) + variance(of: best, pooled) == 0
  }

  private func cost(of place: Int, against best: Int, _ pooled: Double) -> Double {
    let difference = runs[best].mean - runs[place].mean
    let spread = variance(of: best, pooled) + variance(of: place, pooled)
    let told = spread > 0 ? difference * difference / (2 * spread) : difference == 0 ? 0 : .greatestFiniteMagnitude
    return told + Elementary.log(Double(max(1, runs[place].begun)))
  }
}
