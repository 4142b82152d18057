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

  /// The same where it may be long: throws once `isCancelled`, which is asked at least every 50 ms.
  func score(_ part: FoldPart, isCancelled: () -> Bool) throws(CancelledReading) -> (loss: Double, accuracy: Double)?

  /// Gives back memory that is not needed until it continues.
  func rest()

  /// The network in its current state; `examples` are those that train. Nil where `isCancelled` said so.
  func network(_ examples: TrainingExamples, isCancelled: () -> Bool) -> (any TrainedNetwork)?
}

/// How an update ended.
enum TrainingStep { case updated, diverged, cancelled }

/// Which examples of a fold a score is of.
enum FoldPart { case training, validation }

/// A reading that was ended before it was done.
struct CancelledReading: Error {}

extension FoldTraining {
  /// Has nothing to give back.
  func rest() {}

  /// Never throws: a reading is short where nothing else is said.
  func score(_ part: FoldPart, isCancelled: () -> Bool) throws(CancelledReading) -> (loss: Double, accuracy: Double)? {
    score(part)
  }

  /// The scores of both parts; nil where a logit is not finite. Throws once `isCancelled`.
  func metrics(isCancelled: () -> Bool) throws(CancelledReading) -> TrainingMetrics? {
    guard let own = try score(.training, isCancelled: isCancelled),
      let other = try score(.validation, isCancelled: isCancelled)
    else { return nil }
    return TrainingMetrics(
      validationAccuracy: other.accuracy, validationLoss: other.loss, trainAccuracy: own.accuracy, trainLoss: own.loss)
  }
}
