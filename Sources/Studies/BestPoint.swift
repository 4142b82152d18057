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
