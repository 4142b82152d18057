/// Algorithms that ran on one problem, each with some seeds, side by side: what is found by which, and how sure that is.
public struct Comparison: Sendable {
  /// The races of one algorithm.
  public struct Entry: Sendable {
    /// Its name in the comparison.
    public var name: String
    public var races: [ComparedRace]

    /// Makes one.
    public init(name: String, races: [ComparedRace]) {
      self.name = name
      self.races = races
    }
  }

  /// How many trials reach a value.
  public struct Target: Sendable, Hashable {
    /// Which share of all distinct points is as good as the value.
    public var share: Double
    public var value: Double
    /// The trials within which half of the races reach it; nil where fewer reach it.
    public var half: Int?
    /// The trials within which nine of ten races reach it; nil where fewer reach it.
    public var nineTenths: Int?
  }

  /// What became of an algorithm.
  public struct Result: Sendable {
    public var name: String
    /// The names of its studies.
    public var studies: [String]
    public var byTrials: ComparisonCurve
    /// Nil where trials do not count iterations.
    public var byIterations: ComparisonCurve?
    /// Nil where it is not known what trials took.
    public var bySeconds: ComparisonCurve?
    public var targets: [Target]
    /// The mean of its ranks by the final best value, 1 the best, over the seeds for which every algorithm has ended; equal
    /// values share the mean of their ranks. Nil where there is no such seed.
    public var rank: Double?
  }

  /// Two algorithms, paired by seeds for which both have ended.
  public struct Test: Sendable, Hashable {
    public var first: String
    public var second: String
    /// How many seeds both have ended with.
    public var seeds: Int
    /// For how many of them the first found the better final value.
    public var firstBetter: Int
    public var secondBetter: Int
    /// By Wilcoxon's signed-rank test, two-sided.
    public var p: Double
    /// The same after Holm's correction for all tests of the comparison.
    public var corrected: Double

    /// Whether the two differ by more than chance explains.
    public var tellsApart: Bool { corrected < 0.05 && firstBetter != secondBetter }
  }

  /// The shares of points that targets are made of.
  public static let shares = [0.1, 0.05, 0.01]

  public let results: [Result]
  /// One for every two algorithms that have a seed in common.
  public let tests: [Test]
  /// Whether every race has ended.
  public let hasEnded: Bool

  /// Compares; an entry may be without races, where all its studies were deleted.
  public init(_ entries: [Entry], maximize: Bool) {
    let finals = entries.map { Self.finals($0, maximize: maximize) }
    let values = Self.targetValues(entries, maximize: maximize)
    let ranks = Self.ranks(finals, maximize: maximize)
    results = entries.enumerated().map { place, entry in
      Self.result(entry, values, maximize: maximize, rank: ranks[place])
    }
    tests = Self.tests(zip(entries, finals).map { ($0.name, $1) }, maximize: maximize)
    hasEnded = entries.allSatisfy { $0.races.allSatisfy(\.hasEnded) }
  }

  private static func result(_ entry: Entry, _ targets: [(Double, Double)], maximize: Bool, rank: Double?) -> Result {
    let resamples = Resamples(of: entry.races.count)
    func paths(_ cost: (ComparedTrial) -> Double?) -> [BestPath]? {
      let found = entry.races.compactMap { BestPath($0, maximize: maximize, cost: cost) }
      return found.count == entry.races.count ? found : nil
    }
    let trials = paths { _ in 1 } ?? []
    return Result(
      name: entry.name, studies: entry.races.map(\.study),
      byTrials: ComparisonCurve(trials, isWhole: true, resamples),
      byIterations: paths(\.iterations).map { ComparisonCurve($0, isWhole: true, resamples) },
      bySeconds: paths(\.seconds).map { ComparisonCurve($0, isWhole: false, resamples) },
      targets: targets.map { share, value in
        let reached = trials.compactMap { $0.place(reaching: value, maximize: maximize) }.map { Int($0) }.sorted()
        func within(_ needed: Int) -> Int? { needed > 0 && reached.count >= needed ? reached[needed - 1] : nil }
        return Target(
          share: share, value: value, half: within((trials.count + 1) / 2),
          nineTenths: within((9 * trials.count + 9) / 10))
      }, rank: rank)
  }

  /// For each share the value that this share of all distinct points reaches; a point counts once, with its best value.
  private static func targetValues(_ entries: [Entry], maximize: Bool) -> [(Double, Double)] {
    var points: [UInt64: Double] = [:]
    for race in entries.flatMap(\.races) {
      for trial in race.trials {
        guard let value = trial.value, value.isFinite else { continue }
        points[trial.point] = points[trial.point].map { maximize ? max($0, value) : min($0, value) } ?? value
      }
    }
    let sorted = points.values.sorted { maximize ? $0 > $1 : $0 < $1 }
    guard !sorted.isEmpty else { return [] }
    return shares.map { ($0, sorted[max(1, Int((Double(sorted.count) * $0).rounded(.up))) - 1]) }
  }

  /// The final best value of each race that has ended: better is higher, and lowest is a race that found none.
  private static func finals(_ entry: Entry, maximize: Bool) -> [ComparedRace.Pair: Double] {
    var finals: [ComparedRace.Pair: Double] = [:]
    for race in entry.races where race.hasEnded {
      let best = BestPath(race, maximize: maximize) { _ in 1 }?.final
      finals[race.pair] = best.map { maximize ? $0 : -$0 } ?? -.infinity
    }
    return finals
  }

  private static func ranks(_ finals: [[ComparedRace.Pair: Double]], maximize: Bool) -> [Double?] {
    let common = (finals.first ?? [:]).keys.filter { pair in finals.allSatisfy { $0[pair] != nil } }.sorted()
    guard !common.isEmpty else { return finals.map { _ in nil } }
    var sums = finals.map { _ in 0.0 }
    for pair in common {
      let values = finals.compactMap { $0[pair] }
      for (place, value) in values.enumerated() {
        let better = values.count { $0 > value }
        let equal = values.count { $0 == value }
        sums[place] += Double(better) + Double(equal + 1) / 2
      }
    }
    return sums.map { $0 / Double(common.count) }
  }

  private static func tests(_ finals: [(name: String, values: [ComparedRace.Pair: Double])], maximize: Bool) -> [Test] {
    var tests: [Test] = []
    for (place, first) in finals.enumerated() {
      for second in finals[(place + 1)...] {
        let pairs = first.values.keys.filter { second.values[$0] != nil }.sorted()
        // Two races without any value are equal, though infinities have no difference.
        let differences = pairs.map { pair -> Double in
          guard let one = first.values[pair], let other = second.values[pair], one != other else { return 0 }
          return one - other
        }
        guard !pairs.isEmpty else { continue }
        tests.append(
          Test(
            first: first.name, second: second.name, seeds: pairs.count, firstBetter: differences.count { $0 > 0 },
            secondBetter: differences.count { $0 < 0 }, p: SignedRankTest.p(differences), corrected: 1))
      }
    }
    for (index, p) in SignedRankTest.holm(tests.map(\.p)).enumerated() { tests[index].corrected = p }
    return tests
  }
}
