/// One fold's training by any model: its state after a number of updates.
///
/// Nothing at iteration t depends on how many iterations follow, nor on where scores are read.
protocol FoldTraining: AnyObject {
  /// How many updates were made.
  var iteration: Int { get }

  /// Makes updates until `target` of them are made in all; gives how the last ended (`updated` where there was none to
  /// make). `isCancelled` is asked at least every 50 ms.
  func advance(to target: Int, isCancelled: () -> Bool) -> TrainingStep

  /// Mean loss and fraction right on a part, without dropout; nil where a logit is not finite.
  func score(_ part: FoldPart) -> (loss: Double, accuracy: Double)?

  /// The network in its current state; `examples` are those that train. Nil where `isCancelled` said so.
  func network(_ examples: TrainingExamples, isCancelled: () -> Bool) -> (any TrainedNetwork)?
}

/// How an update ended.
enum TrainingStep { case updated, diverged, cancelled }

/// Which examples of a fold a score is of.
enum FoldPart { case training, validation }

extension FoldTraining {
  /// The scores of both parts; nil where a logit is not finite.
  func metrics() -> TrainingMetrics? {
    guard let own = score(.training), let other = score(.validation) else { return nil }
    return TrainingMetrics(
      validationAccuracy: other.accuracy, validationLoss: other.loss, trainAccuracy: own.accuracy, trainLoss: own.loss)
  }
}
