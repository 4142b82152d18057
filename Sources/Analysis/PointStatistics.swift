import Studies
import StudyDefinitions

/// What the scores of a study's points are.
public struct Scoring: Sendable, Hashable {
  /// Whether they are fractions of examples (accuracies), and so lie in 0…1.
  public var isFraction: Bool
  /// Whether they are never below 0, as the losses of a trained model.
  public var isNonNegative: Bool
  /// On how many examples each repeat is scored; nil where that is not known.
  public var examples: Int?
  /// How many folds score a repeat.
  public var folds: Int

  /// Makes one.
  public init(isFraction: Bool, isNonNegative: Bool = true, examples: Int?, folds: Int) {
    self.isFraction = isFraction
    self.isNonNegative = isNonNegative
    self.examples = examples
    self.folds = folds
  }

  /// What the scores of a definition are; `scored` are the examples that its trials are scored on. What callers and tables
  /// call a metric says nothing of its values.
  public init(_ definition: ResolvedDefinition, scored: ScoredPart?) {
    self.init(
      isFraction: definition.isTrained && definition.metric == "validation_accuracy",
      isNonNegative: definition.isTrained, examples: scored?.examples, folds: definition.split.folds)
  }
}

/// How far the mean of a point's scores can be trusted.
public struct PointStatistics: Sendable, Hashable {
  /// What an interval allows for.
  public enum Coverage: String, Sendable, Hashable {
    /// Other weights, and where there are folds other examples to train on.
    case runs
    /// The examples that it was scored on are a few of many.
    case examples
    case both
  }

  /// Where the mean lies with 95 % certainty.
  public struct Interval: Sendable, Hashable {
    public var lower: Double
    public var upper: Double
    public var covers: Coverage
  }

  /// The sample's standard deviation; nil for one score.
  public let standardDeviation: Double?
  /// The 95 % interval of the mean; nil where nothing can be said.
  public let interval: Interval?

  /// The scores that are described.
  private struct Sums {
    var mean: Double
    var squaredDeviations: Double
    var runs: Int
    /// Of how many points this one was chosen by these same scores: each may be as far off.
    var chosenOf = 1

    /// The probability beyond either end of the interval.
    var tail: Double { 0.025 / Double(chosenOf) }
    /// Student's quantile for it.
    var t: Double { StudentT.quantile(upperTail: tail, degreesOfFreedom: Double(runs - 1)) }
    /// The normal quantile for it.
    var z: Double {
      chosenOf == 1
        ? StudentT.normalQuantile975 : StudentT.quantile(upperTail: tail, degreesOfFreedom: StudentT.nearlyNormal)
    }
  }

  /// The statistics of a point, over all its scores.
  public init(_ point: BestPoint, _ scoring: Scoring) {
    self.init(Sums(mean: point.mean, squaredDeviations: point.squaredDeviations, runs: point.runs), scoring)
  }

  /// The statistics of a point's new runs alone. The interval allows for the choice among those that are left (Bonferroni),
  /// since the best of equal points is one whose runs were lucky.
  public init(_ confirmed: BestPoint.Confirmed, _ scoring: Scoring) {
    self.init(
      Sums(
        mean: confirmed.mean, squaredDeviations: confirmed.squaredDeviations, runs: confirmed.runs,
        chosenOf: confirmed.left), scoring)
  }

  private init(_ point: Sums, _ scoring: Scoring) {
    let runs = Double(point.runs)
    let variance = point.runs > 1 ? point.squaredDeviations / (runs - 1) : 0
    standardDeviation = point.runs > 1 ? variance.squareRoot() : nil
    // Folds share most of what they are trained on; their variance is corrected for that (Nadeau and Bengio 2003,
    // doi:10.1023/A:1024068626366; with repeats Bouckaert and Frank 2004, doi:10.1007/978-3-540-24775-3_3).
    let isFolded = scoring.folds > 1 && point.runs >= scoring.folds && point.runs % scoring.folds == 0
    let spread = variance * (1 / runs + (isFolded ? 1 / Double(scoring.folds - 1) : 0))
    interval =
      scoring.isFraction
      ? Self.fraction(point, spread, isFolded: isFolded, examples: scoring.examples)
      : Self.other(point, spread, isFolded: isFolded, least: scoring.isNonNegative ? 0 : -.infinity)
  }

  /// Wilson's score interval (1927, doi:10.1080/01621459.1927.10502953) with z²·chance + t²·spread for its z²·chance.
  ///
  /// The squares of both half widths are added, as in Howe (1974, J. Am. Stat. Assoc. 69:789), so that a spread that two or
  /// three runs show too small by chance does not narrow the whole.
  private static func fraction(
    _ point: Sums, _ spread: Double, isFolded: Bool, examples: Int?
  ) -> Interval? {
    let mean = min(max(point.mean, 0), 1)
    let single = mean * (1 - mean)
    guard let examples, examples > 0 else {
      guard point.runs > 1, spread > 0, single > 0 else { return nil }
      return wilson(mean, point.t * point.t * spread / single, isFolded ? .both : .runs)
    }
    let chance = single / Double(examples)
    // Other folds are other examples: what the spread between them holds of chance counts once.
    let more = isFolded ? max(0, spread - chance) : spread
    var share = point.z * point.z / Double(examples)
    if more > 0, single > 0 { share += point.t * point.t * more / single }
    return wilson(mean, share, point.runs > 1 ? .both : .examples)
  }

  /// The interval for t² / n = `share`; inside 0…1, and around the mean.
  private static func wilson(_ mean: Double, _ share: Double, _ covers: Coverage) -> Interval {
    let centre = (mean + share / 2) / (1 + share)
    let half = (share * (mean * (1 - mean) + share / 4)).squareRoot() / (1 + share)
    return Interval(lower: max(0, min(centre - half, mean)), upper: min(1, max(centre + half, mean)), covers: covers)
  }

  /// Student's interval, cut off at 0.
  private static func other(_ point: Sums, _ spread: Double, isFolded: Bool, least: Double) -> Interval? {
    guard point.runs > 1 else { return nil }
    let half = point.t * spread.squareRoot()
    return Interval(
      lower: max(least, point.mean - half), upper: point.mean + half, covers: isFolded ? .both : .runs)
  }
}
