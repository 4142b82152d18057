import ModelTraining

/// Counts how long a training is worked on, and says when that is more than a bound.
///
/// The time counts from the training's beginning, also where other work has continued it since. So a trial meets the same limit whether
/// its training is its own, shared with other trials, or continued. What is known already takes no time.
final class TrainingTimer {
  /// The most seconds that it may take; nil: any time.
  var bound: Double?
  /// How long it has taken from its beginning, in seconds; nil where nothing had to be trained.
  private(set) var seconds: Double?
  private let trajectory: any TrainingTrajectory
  private let now: @Sendable () -> Double
  private var last: Double

  init(_ trajectory: any TrainingTrajectory, now: @escaping @Sendable () -> Double) {
    self.trajectory = trajectory
    self.now = now
    last = now()
  }

  /// Whether it has taken longer than the bound.
  var isOver: Bool { bound.map { (seconds ?? 0) > $0 } ?? false }

  /// Counts the time until now, while something is trained; gives whether that is too long.
  func look() -> Bool {
    let time = now()
    trajectory.trainedSeconds += time - last
    last = time
    seconds = trajectory.trainedSeconds
    return isOver
  }

  /// Counts what was trained before an outcome became known.
  func pass() { if seconds != nil { _ = look() } }
}
