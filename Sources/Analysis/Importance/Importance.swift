/// How much of the variance of the objective each parameter explains by itself (functional analysis of variance).
///
/// `share of i = Var(E[y | xᵢ]) / Var(y)`, where points are equally likely, whichever of them a search tried. Of a parameter
/// that only some points have, the points that have it count: `P(present) · Var(E[y | xᵢ, present]) / Var(y)`.
///
/// Where every point of a grid has a value, the shares are exact. Else a forest of randomized regression trees is fitted to
/// the points, and the shares are those of its predictions (Hutter, Hoos and Leyton-Brown 2014,
/// proceedings.mlr.press/v32/hutter14.html).
public struct Importance: Sendable, Hashable {
  public enum Method: String, Sendable, Hashable {
    /// Every point of the grid has a value.
    case exact
    /// A forest was fitted to some points.
    case forest
  }

  /// What one parameter explains.
  public struct Share: Sendable, Hashable {
    public var parameter: String
    /// From 0 to 1.
    public var importance: Double
    /// How uncertain it is, from the spread over forests that each lack a fifth of the points; nil where it is exact.
    public var standardDeviation: Double?
  }

  /// What two parameters explain together beyond what each explains by itself.
  public struct Pair: Sendable, Hashable {
    public var parameters: [String]
    public var importance: Double
  }

  /// The most points of a grid that are looked at one by one.
  public static let mostGridPoints = 50_000
  /// The most points that a forest is fitted to.
  public static let mostPoints = 2_000
  /// Fewer points than these say nothing.
  public static let fewestPoints = 10

  /// How it was computed; nil where nothing can be said.
  public var method: Method?
  /// Of each parameter, the largest first; empty where nothing can be said.
  public var shares: [Share] = []
  /// What is left: what parameters explain together, from 0 to 1; nil where nothing can be said.
  public var interactions: Double?
  /// How uncertain that is, as of a share.
  public var interactionsDeviation: Double?
  /// The pairs that explain most together, the largest first; nil where they are not known.
  public var pairs: [Pair]?
  /// How many different points it rests on.
  public var points: Int
  /// How many trials these are of.
  public var trials: Int
  /// Of points that a tree was not fitted to, how much of their variance the forest explains: 1 is all, 0 none, below 0 worse
  /// than their mean; nil where it is exact.
  public var fit: Double?
  /// Whether all points have the same value.
  public var isConstant = false

  /// Computes the importances of a space's parameters. The same trials give the same answer.
  ///
  /// Exact: O(points · parameters²). Forest: O(trees · points · log points · parameters), about a second for 2,000 points.
  public init(_ trials: ImportanceTrials) {
    self.trials = trials.trials
    points = trials.points
    let isWhole = points > 1 && points == trials.gridSize
    guard isWhole || points > Self.fewestPoints - 1 else { return }
    let names = trials.space.names
    if isWhole {
      guard let values = take(trials.values) else { return }
      let found = GridDecomposition(trials.space, trials.cells, values)
      method = .exact
      rank(names, found.shares, deviations: nil)
      interactions = found.interactions
      pairs = found.pairs?.map { Pair(parameters: [names[$0.first], names[$0.second]], importance: $0.share) }
    } else {
      let some = trials.thinned(Self.mostPoints)
      (points, self.trials) = (some.values.count, some.trials)
      guard let values = take(some.values) else { return }
      let found = ImportanceForest(some.space, some.cells, values)
      method = .forest
      rank(names, found.shares, deviations: found.deviations)
      interactions = found.interactions
      interactionsDeviation = found.interactionsDeviation
      fit = found.fit
    }
  }

  /// The values as they are decomposed; nil where all are the same, which is remembered.
  private mutating func take(_ values: [Double]) -> [Double]? {
    let scaled = Self.scaled(values)
    isConstant = scaled == nil
    return scaled
  }

  /// Values with mean 0 and a largest magnitude of about 1, so that no square overflows; nil where all are the same.
  private static func scaled(_ values: [Double]) -> [Double]? {
    guard let low = values.min(), let high = values.max() else { return nil }
    let magnitude = max(abs(low), abs(high))
    // Means of the same numbers in another order differ by less.
    guard high / magnitude - low / magnitude > 1e-12 else { return nil }
    let relative = values.map { $0 / magnitude }
    let mean = relative.reduce(0, +) / Double(values.count)
    let spread = relative.reduce(0) { max($0, abs($1 - mean)) }
    return relative.map { ($0 - mean) / spread }
  }

  private mutating func rank(_ names: [String], _ found: [Double], deviations: [Double]?) {
    let order = found.indices.sorted { (found[$1], $0) < (found[$0], $1) }
    shares = order.map { Share(parameter: names[$0], importance: found[$0], standardDeviation: deviations?[$0]) }
  }
}
