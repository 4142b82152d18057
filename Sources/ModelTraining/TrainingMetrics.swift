/// The four numbers read off a training.
public struct TrainingMetrics: Sendable, Hashable {
  /// Fraction right on the validation examples.
  public var validationAccuracy: Double
  /// Mean natural-log cross-entropy on the validation examples.
  public var validationLoss: Double
  /// Fraction right on the training examples.
  public var trainAccuracy: Double
  /// Mean natural-log cross-entropy on the training examples (without the weight decay's penalty).
  public var trainLoss: Double

  /// Makes the four.
  public init(validationAccuracy: Double, validationLoss: Double, trainAccuracy: Double, trainLoss: Double) {
    self.validationAccuracy = validationAccuracy
    self.validationLoss = validationLoss
    self.trainAccuracy = trainAccuracy
    self.trainLoss = trainLoss
  }
}

extension TrainingMetrics {
  static let zero = TrainingMetrics(validationAccuracy: 0, validationLoss: 0, trainAccuracy: 0, trainLoss: 0)

  static func + (a: TrainingMetrics, b: TrainingMetrics) -> TrainingMetrics {
    TrainingMetrics(
      validationAccuracy: a.validationAccuracy + b.validationAccuracy,
      validationLoss: a.validationLoss + b.validationLoss, trainAccuracy: a.trainAccuracy + b.trainAccuracy,
      trainLoss: a.trainLoss + b.trainLoss)
  }

  static func / (a: TrainingMetrics, b: Double) -> TrainingMetrics {
    TrainingMetrics(
      validationAccuracy: a.validationAccuracy / b, validationLoss: a.validationLoss / b,
      trainAccuracy: a.trainAccuracy / b, trainLoss: a.trainLoss / b)
  }
}
