/// The trainings of every fold of one model, side by side.
final class FoldTrajectory<Fold: FoldTraining>: TrainingTrajectory {
  let byteCount: Int
  var trainedSeconds = 0.0
  private let make: [() -> Fold]
  private let steps: CurveSteps
  private var trainings: [Fold] = []
  /// How many updates every fold has made, with what belongs to that step read.
  private var iteration = 0
  /// The learning curve so far, at `steps` alone.
  private var curve: [Reading] = []
  /// What was read at ends; nil where a logit was not finite.
  private var ends: [Int: Reading?] = [:]
  /// The fewest updates after which an update of a fold met a logit that is not finite.
  private var divergence: Int?

  /// Makes a trajectory of the trainings, one a fold, that `make` begins.
  init(_ make: [() -> Fold], steps: CurveSteps, byteCount: Int) {
    self.make = make
    self.steps = steps
    self.byteCount = byteCount
    begin()
  }

  func curveSteps(below end: Int) -> [Int] { steps.between(0, end - 1) }

  private func begin() {
    trainings = make.map { $0() }
    iteration = 0
    trainedSeconds = 0
    curve = []
    ends = [:]
    divergence = nil
  }

  func outcomes(
    after wanted: Set<Int>, passing: (Int, EvaluationOutcome) -> Void, isCancelled: () -> Bool
  ) -> [Int: EvaluationOutcome]? {
    defer { for training in trainings { training.rest() } }
    // A fold may be beyond `iteration` where a call was cancelled.
    let reached = trainings.map(\.iteration).max() ?? 0
    if wanted.contains(where: { $0 < reached && outcome(after: $0) == nil }) { begin() }
    var outcomes: [Int: EvaluationOutcome] = [:]
    for end in wanted.sorted() {
      // The end before the last stop may be where nothing was read.
      for stop in Set(steps.between(iteration, end) + [end]).sorted() where outcome(after: end) == nil {
        guard advance(to: stop, isCancelled: isCancelled) else { return nil }
        if divergence == nil {
          do { try read(at: stop, isEnd: stop == end, isCancelled: isCancelled) } catch { return nil }
        }
        iteration = stop
      }
      guard let outcome = outcome(after: end) else { preconditionFailure("nothing was read at step \(end)") }
      outcomes[end] = outcome
      passing(end, outcome)
    }
    return outcomes
  }

  /// Brings every fold to a step, or to where it diverges; false where cancelled.
  private func advance(to stop: Int, isCancelled: () -> Bool) -> Bool {
    if isCancelled() { return false }
    for training in trainings {
      switch training.advance(to: stop, isCancelled: isCancelled) {
      case .updated: break
      case .cancelled: return false
      // Of all folds that diverge before this stop the first decides, wherever the stops lie.
      case .diverged: divergence = min(divergence ?? .max, training.iteration)
      }
    }
    return true
  }

  private func read(at step: Int, isEnd: Bool, isCancelled: () -> Bool) throws(CancelledReading) {
    let reading = try reading(step, isCancelled: isCancelled)
    if steps.contains(step), let reading, curve.last.map({ $0.step < step }) ?? true { curve.append(reading) }
    if isEnd { ends[step] = .some(reading) }
  }

  /// The metrics of the trainings as they are, mean over folds, and each fold's scores; nil where a logit is not finite.
  private func reading(_ step: Int, isCancelled: () -> Bool) throws(CancelledReading) -> Reading? {
    var sum = TrainingMetrics.zero
    var folds: [FoldReading] = []
    for training in trainings {
      guard let metrics = try training.metrics(isCancelled: isCancelled) else { return nil }
      sum = sum + metrics
      folds.append(FoldReading(accuracy: metrics.validationAccuracy, loss: metrics.validationLoss))
    }
    return Reading(step: step, metrics: sum / Double(trainings.count), folds: folds.count > 1 ? folds : [])
  }

  /// What a training that ends here gives; nil where that is not known (yet).
  private func outcome(after end: Int) -> EvaluationOutcome? {
    if let divergence, end >= divergence { return .diverged(iteration: divergence) }
    let before = curve.prefix { $0.step < end }
    if let known = ends[end] {
      return known.map { .finished(before + [$0]) } ?? .diverged(iteration: end)
    }
    guard before.count < curve.count, curve[before.count].step == end else { return nil }
    return .finished(Array(curve[...before.count]))
  }
}
