/// A point with two scores or more, with the scores of its trials.
public struct RepeatedPoint: Sendable, Hashable {
  /// The scores of one trial.
  public struct Run: Sendable, Hashable {
    /// Which repetition of the point it is, from 0.
    public var replicate: Int
    /// The objective for each repeat and fold, the folds of a repeat after one another.
    public var scores: [Double]

    /// Makes one.
    public init(replicate: Int, scores: [Double]) {
      self.replicate = replicate
      self.scores = scores
    }
  }

  /// How many of them are told at most.
  public static let most = 1000

  /// The number of its first completed trial.
  public var trial: Int
  /// The mean over all scores.
  public var mean: Double
  /// Its completed trials in order of replicate; the first `BestPoint.mostTrials`.
  public var runs: [Run]

  /// Makes a point.
  public init(trial: Int, mean: Double, runs: [Run]) {
    self.trial = trial
    self.mean = mean
    self.runs = runs
  }
}
