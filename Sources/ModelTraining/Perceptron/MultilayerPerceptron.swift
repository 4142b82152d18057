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
  public static var network: any TrainedNetwork.Type { PerceptronNetwork.self }

  public static func trajectory(
    _ request: EvaluationRequest, sharing cache: FoldCache
  ) throws -> any TrainingTrajectory {
    let settings = PerceptronSettings(request.settings)
    return switch settings.precision {
    case .single: try trajectory(request, settings, Float.self, cache)
    case .double: try trajectory(request, settings, Double.self, cache)
    }
  }

  private static func trajectory<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ settings: PerceptronSettings, _ type: Scalar.Type, _ cache: FoldCache
  ) throws -> any TrainingTrajectory {
    let data = DataShape(request.dataset)
    let trainings = try trainings(request, settings, type, cache)
    let bytes = stateBytes(
      settings, NetworkShape(features: data.features, units: settings.units, classes: data.classes),
      examples: data.allExamples, isGram: FirstLayerChoice.isGram(settings, data))
    return FoldTrajectory(
      trainings, steps: CurveSteps(batch: settings.batchSize, examples: data.examples),
      byteCount: Int(bytes) * trainings.count)
  }

  /// What begins the training of each fold.
  static func trainings<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ settings: PerceptronSettings, _ type: Scalar.Type, _ cache: FoldCache
  ) throws -> [() -> PerceptronTraining<Scalar>] {
    let dataset = request.dataset
    let classes = dataset.classes.count
    let draw = KeyedDraw(seed: request.trainingSeed, stream: request.stream)
    return FirstLayerChoice.isGram(settings, DataShape(dataset))
      ? try cache.grams(request, type).map { fold in
        { PerceptronTraining(settings, classes: classes, features: dataset.features, fold: fold, draw: draw) }
      }
      : try cache.folds(request, type).map { fold in
        { PerceptronTraining(settings, classes: classes, fold: fold, draw: draw) }
      }
  }
}
