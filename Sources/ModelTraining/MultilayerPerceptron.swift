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

  public static var progressSetting: String { "iterations" }

  public static func trajectory(_ request: EvaluationRequest) throws -> any TrainingTrajectory {
    let settings = Hyperparameters(request.settings)
    return settings.isDouble
      ? try trajectory(request, settings, Double.self) : try trajectory(request, settings, Float.self)
  }

  private static func trajectory<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ settings: Hyperparameters, _ type: Scalar.Type
  ) throws -> any TrainingTrajectory {
    let dataset = request.dataset
    let classes = dataset.classes.count
    let trainings = try trainings(request, settings, type)
    let bytes = stateBytes(
      settings, NetworkShape(features: dataset.features, units: settings.units, classes: classes),
      examples: dataset.first.count + (dataset.second?.count ?? 0), isGram: isGram(settings, dataset))
    return NetworkTrajectory(
      trainings, steps: CurveSteps(batch: settings.batchSize, examples: dataset.first.count),
      byteCount: Int(bytes) * trainings.count)
  }

  private static func isGram(_ settings: Hyperparameters, _ dataset: Dataset) -> Bool {
    FirstLayerChoice.isGram(
      settings, examples: dataset.first.count, all: dataset.first.count + (dataset.second?.count ?? 0),
      features: dataset.features)
  }

  /// What begins the training of each fold.
  static func trainings<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ settings: Hyperparameters, _ type: Scalar.Type
  ) throws -> [() -> Training<Scalar>] {
    let dataset = request.dataset
    let classes = dataset.classes.count
    let draw = KeyedDraw(seed: request.trainingSeed, stream: request.stream)
    return isGram(settings, dataset)
      ? try FoldCache.shared.grams(request, type).map { fold in
        { Training(settings, classes: classes, features: dataset.features, fold: fold, draw: draw) }
      }
      : try FoldCache.shared.folds(request, type).map { fold in
        { Training(settings, classes: classes, fold: fold, draw: draw) }
      }
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
