/// A training that can be ended anywhere, and resumes from its current update.
///
/// Nothing that it gives for one end depends on which other ends were asked for, or when.
public protocol TrainingTrajectory: AnyObject {
  /// What the training gives for each of `ends` (updates ≥ 1), on the calling thread.
  ///
  /// Resumes from the current update. If a requested end was passed without being recorded, training restarts from zero.
  /// `passing` hears of each end as soon as it is known, in ascending order. Nil once `isCancelled`, which is asked before
  /// anything is trained and then at least every 50 ms: what was trained until then is kept.
  func outcomes(
    after ends: Set<Int>, passing: (Int, EvaluationOutcome) -> Void, isCancelled: () -> Bool
  ) -> [Int: EvaluationOutcome]?

  /// The updates below `end` after which a learning curve is read, ascending: the same wherever the training ends, and the
  /// same for every stream of a training.
  func curveSteps(below end: Int) -> [Int]

  /// How long it was trained from its beginning to its current update, in seconds, as its users count them by their clock; 0
  /// where it begins anew.
  var trainedSeconds: Double { get set }

  /// About how many bytes it holds that nothing else shares.
  var byteCount: Int { get }
}
