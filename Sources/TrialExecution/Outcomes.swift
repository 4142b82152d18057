import ModelTraining
import Studies

extension RecordedEvaluation.Outcome {
  /// The metrics' names, in the order that curves have them.
  private static let names = ["train_accuracy", "train_loss", "validation_accuracy", "validation_loss"]

  /// What the record keeps of a training.
  init(_ outcome: EvaluationOutcome) {
    switch outcome {
    case .diverged(let iteration): self = .diverged(iteration: iteration)
    case .finished(let readings):
      var curve = LearningCurve(names: Self.names)
      curve.numbers.reserveCapacity(readings.count * curve.width)
      for reading in readings {
        let metrics = reading.metrics
        curve.numbers += [
          Double(reading.step), metrics.trainAccuracy, metrics.trainLoss, metrics.validationAccuracy,
          metrics.validationLoss,
        ]
      }
      self = .finished(curve)
    }
  }
}

extension EvaluationOutcome {
  /// What each fold scored at the end.
  var folds: [FoldScore] {
    guard case .finished(let readings) = self, let last = readings.last else { return [] }
    return last.folds.map { FoldScore(accuracy: $0.accuracy, loss: $0.loss) }
  }
}

extension TrialReport {
  /// What a trial's repeats give together: a score for each repeat and fold, the mean of metrics and curves; infeasible
  /// where one diverged.
  init(_ evaluations: [RecordedEvaluation], metric: String, computeSeconds: Double, reusedFrom: String?) {
    var curves: [LearningCurve] = []
    var scores: [Double] = []
    for evaluation in evaluations {
      guard case .finished(let curve) = evaluation.outcome else {
        self = .infeasible(reason: "diverged", computeSeconds: computeSeconds, reusedFrom: reusedFrom)
        return
      }
      curves.append(curve)
      scores +=
        evaluation.folds.isEmpty
        ? [curve.lastMetrics[metric] ?? .nan]
        : evaluation.folds.map { metric == "validation_loss" ? $0.loss : $0.accuracy }
    }
    let mean = LearningCurve(meanOf: curves)
    self = .completed(
      scores: scores, metrics: mean.lastMetrics, curve: mean,
      computeSeconds: computeSeconds, reusedFrom: reusedFrom)
  }
}

extension LearningCurve {
  /// The mean of curves of one kind, at the steps that all of them have.
  init(meanOf curves: [LearningCurve]) {
    guard let first = curves.first, curves.count > 1 else {
      self = curves.first ?? LearningCurve(names: [])
      return
    }
    self.init(names: first.names)
    let rows = curves.map { curve in
      Dictionary(
        uniqueKeysWithValues: stride(from: 0, to: curve.numbers.count, by: curve.width).map {
          (curve.numbers[$0], $0)
        })
    }
    for start in stride(from: 0, to: first.numbers.count, by: width) {
      let step = first.numbers[start]
      let places = rows.compactMap { $0[step] }
      guard places.count == curves.count else { continue }
      numbers.append(step)
      for column in 1..<width {
        numbers.append(zip(curves, places).map { $0.numbers[$1 + column] }.mean)
      }
    }
  }
}
