/// What one fold scored on the examples that it left out.
public struct FoldReading: Sendable, Hashable {
  /// Fraction right.
  public var accuracy: Double
  /// Mean natural-log cross-entropy.
  public var loss: Double

  /// Makes a reading.
  public init(accuracy: Double, loss: Double) {
    self.accuracy = accuracy
    self.loss = loss
  }
}

/// One reading of a training: the metrics after a number of updates.
public struct Reading: Sendable, Hashable {
  /// How many updates were made.
  public var step: Int
  /// The metrics, mean over folds.
  public var metrics: TrainingMetrics
  /// What each fold scored; empty where one training is all.
  public var folds: [FoldReading]

  /// Makes a reading.
  public init(step: Int, metrics: TrainingMetrics, folds: [FoldReading] = []) {
    self.step = step
    self.metrics = metrics
    self.folds = folds
  }
}

/// How a training ended.
public enum EvaluationOutcome: Sendable, Hashable {
  /// Every logit was finite. At most 200 readings, steps ascending; the last is the end.
  case finished([Reading])
  /// A logit was not finite; after how many updates.
  case diverged(iteration: Int)
}
