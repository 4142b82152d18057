import SearchSpace

/// A point with the statistics of all its scores.
public struct BestPoint: Sendable, Hashable {
  /// Of how many trials of a point the numbers are told, at most.
  public static let mostTrials = 100

  public var point: Point
  /// The mean over all scores.
  public var mean: Double
  /// The sum of squared deviations from the mean.
  public var squaredDeviations: Double
  /// How many scores.
  public var runs: Int
  /// The numbers of its completed trials, ascending; the first `mostTrials`.
  public var trials: [Int]
  /// The mean over its trials of what decides between equal means: smaller is better.
  public var tieBreak: Double?

  /// What new runs alone say of a point, which were made because it might be the best.
  public struct Confirmed: Sendable, Hashable {
    /// The mean over the scores of these runs.
    public var mean: Double
    /// The sum of squared deviations from it.
    public var squaredDeviations: Double
    /// How many scores; at least 1.
    public var runs: Int
    /// How many points are left that may be the best, this one among them or not; at least 1.
    public var left: Int

    /// Makes one.
    public init(mean: Double, squaredDeviations: Double, runs: Int, left: Int) {
      self.mean = mean
      self.squaredDeviations = squaredDeviations
      self.runs = runs
      self.left = left
    }
  }

  /// What its new runs say; nil where it has none.
  public var confirmed: Confirmed?

  /// Makes a point.
  public init(
    point: Point, mean: Double, squaredDeviations: Double, runs: Int, trials: [Int], tieBreak: Double?
  ) {
    self.point = point
    self.mean = mean
    self.squaredDeviations = squaredDeviations
    self.runs = runs
    self.trials = trials
    self.tieBreak = tieBreak
  }
}
