import Datasets
import NumericKernels
import SearchSpace

/// A multi-layer perceptron: dense layers, a sigmoid unit for two classes or softmax for more.
public enum MultilayerPerceptron: TrainableModel {
  public static var kind: String { "mlp" }
  public static var summary: String {
    "A multi-layer perceptron of up to 8 hidden layers, trained on cross-entropy; one sigmoid output for two classes, "
      + "softmax for more."
  }

  /// The most points of a learning curve; each costs a pass over all examples.
  static let curvePoints = 50

  public static func evaluate(_ request: EvaluationRequest, isCancelled: () -> Bool) -> EvaluationOutcome {
    let settings = Hyperparameters(request.settings)
    return settings.isDouble
      ? evaluate(request, settings, Double.self, isCancelled) : evaluate(request, settings, Float.self, isCancelled)
  }

  private static func evaluate<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ settings: Hyperparameters, _ type: Scalar.Type, _ isCancelled: () -> Bool
  ) -> EvaluationOutcome {
    guard let trainings = try? trainings(request, settings, type) else { return .diverged(iteration: 0) }
    let steps = readingSteps(settings.iterations)
    var sums = [TrainingMetrics](repeating: .zero, count: steps.count)
    var scores: [Double] = []
    for repetition in 0..<request.repeats {
      let stream = UInt64(request.replicate * request.repeats + repetition)
      var score = 0.0
      for training in trainings {
        switch run(training(KeyedDraw(seed: request.trainingSeed, stream: stream)), steps, isCancelled) {
        case .cancelled: return .cancelled
        case .diverged(let iteration): return .diverged(iteration: iteration)
        case .finished(let metrics):
          for (index, reading) in metrics.enumerated() { sums[index] = sums[index] + reading }
          if let last = metrics.last {
            score += request.metric == "validation_loss" ? last.validationLoss : last.validationAccuracy
          }
        }
      }
      scores.append(score / Double(trainings.count))
    }
    let count = Double(request.repeats * trainings.count)
    let means = sums.map { $0 / count }
    guard let last = means.last else { return .cancelled }
    return .finished(
      EvaluationResult(scores: scores, metrics: last, curve: zip(steps, means).map { (step: $0, metrics: $1) }))
  }

  /// What makes the training of each fold from its draws.
  private static func trainings<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ settings: Hyperparameters, _ type: Scalar.Type
  ) throws -> [(KeyedDraw) -> Training<Scalar>] {
    let dataset = request.dataset
    let classes = dataset.classes.count
    if FirstLayerChoice.isGram(
      settings, examples: dataset.first.count, all: dataset.first.count + (dataset.second?.count ?? 0),
      features: dataset.features)
    {
      return try FoldCache.shared.grams(request, type).map { fold in
        { Training(settings, classes: classes, features: dataset.features, fold: fold, draw: $0) }
      }
    }
    return try FoldCache.shared.folds(request, type).map { fold in
      { Training(settings, classes: classes, fold: fold, draw: $0) }
    }
  }

  private enum Run {
    case finished([TrainingMetrics])
    case diverged(Int)
    case cancelled
  }

  private static func run<Scalar: KernelScalar>(
    _ training: Training<Scalar>, _ steps: [Int], _ isCancelled: () -> Bool
  ) -> Run {
    var readings: [TrainingMetrics] = []
    for step in steps {
      switch training.advance(to: step, isCancelled: isCancelled) {
      case .updated: break
      case .cancelled: return .cancelled
      case .diverged: return .diverged(training.iteration + 1)
      }
      guard let own = training.score(.training), let other = training.score(.validation) else {
        // Before the last iteration the next update tells; a reading in between decides nothing.
        if step == steps.last { return .diverged(step) }
        readings.append(.zero)
        continue
      }
      readings.append(
        TrainingMetrics(
          validationAccuracy: other.accuracy, validationLoss: other.loss, trainAccuracy: own.accuracy,
          trainLoss: own.loss))
    }
    return .finished(readings)
  }

  /// Where a learning curve is read: evenly over the iterations, the last one included.
  static func readingSteps(_ iterations: Int) -> [Int] {
    let count = min(curvePoints, iterations)
    return (1...count).map { ($0 * iterations + count - 1) / count }
  }

  public static func operations(
    settings: [String: ParameterValue], examples: Int, secondPartExamples: Int, features: Int, classes: Int,
    split: ValidationSplit, repeats: Int
  ) -> Double {
    let values = Hyperparameters(settings)
    let shape = NetworkShape(features: features, units: values.units, classes: classes)
    let rest = (1..<shape.depth).reduce(0.0) { $0 + Double(shape.sizes[$1]) * Double(shape.sizes[$1 + 1]) }
    let units = shape.sizes.dropFirst().reduce(0.0) { $0 + Double($1) }
    let trained: Double
    let trainings: Double
    switch split {
    case .test: (trained, trainings) = (Double(examples), 1)
    case .holdout(let share, let test): (trained, trainings) = (Double(examples) * (1 - share - (test ?? 0)), 1)
    case .folds(let count): (trained, trainings) = (Double(examples) * (1 - 1 / Double(count)), Double(count))
    }
    let batch = values.batchSize == 0 ? trained : min(Double(values.batchSize), trained)
    let isGram = FirstLayerChoice.isGram(
      values, examples: examples, all: examples + secondPartExamples, features: features)
    // A multiplication and an addition for each number of a product: with all features two products, one forward and
    // one back, or one with the Gram matrix; two of every layer behind it. Some thirty for what a unit's output takes.
    let first = Double(shape.sizes[1])
    let forward = 2 * first * (isGram ? trained : Double(features))
    let updates = Double(values.iterations) * batch * ((isGram ? 1 : 2) * forward + 4 * rest + 30 * units)
    let read = Double(examples + secondPartExamples)
    let readings = Double(min(curvePoints, values.iterations)) * read * (forward + 2 * rest + 30 * units)
    return (updates + readings) * trainings * Double(repeats)
  }

  public static func memory(
    settings: [String: ParameterValue], examples: Int, secondPartExamples: Int, features: Int, classes: Int,
    split: ValidationSplit
  ) -> Double {
    let values = Hyperparameters(settings)
    let shape = NetworkShape(features: features, units: values.units, classes: classes)
    let bytes = values.isDouble ? 8.0 : 4.0
    let isGram = FirstLayerChoice.isGram(
      values, examples: examples, all: examples + secondPartExamples, features: features)
    let weights = (0..<shape.depth).reduce(0.0) { $0 + Double(shape.sizes[$1] + 16) * Double(shape.sizes[$1 + 1]) }
    let units = shape.sizes.dropFirst().reduce(0.0) { $0 + Double($1) + 16 }
    let copies = values.isAdam ? 4.0 : 3.0
    let all = Double(examples + secondPartExamples + 32)
    // Weights, gradient and memory of the optimiser; outputs, deltas, masks and their transposes; two layouts of the data,
    // or one with another in double precision while the Gram matrix is made, that and its shares for the folds.
    let data = isGram ? (bytes + 8) * all * Double(features) + (8 + 2 * bytes * 2) * all * all : 0
    return bytes * (copies * weights + 6 * units * all) + (isGram ? data : bytes * 2 * all * Double(features + 16))
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
