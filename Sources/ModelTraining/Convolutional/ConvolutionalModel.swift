import Datasets
import NumericKernels
import SearchSpace

/// A convolutional network after LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998, doi:10.1109/5.726791): convolutions with
/// pooling, then dense layers; a sigmoid unit for two classes or softmax for more.
public enum ConvolutionalModel: TrainableModel {
  public static var kind: String { "cnn" }
  public static var summary: String {
    "A convolutional network for pictures: up to 4 convolutions with pooling, then up to 8 hidden layers, trained on "
      + "cross-entropy; its defaults are LeNet-5's (LeCun et al. 1998, doi:10.1109/5.726791)."
  }

  public static var progressSetting: String { "iterations" }
  public static var network: any TrainedNetwork.Type { ConvolutionalNetwork.self }

  /// A data set that this model cannot take, in a sentence.
  struct NoPictures: Error, CustomStringConvertible { var description: String }

  public static func trajectory(
    _ request: EvaluationRequest, sharing cache: FoldCache
  ) throws -> any TrainingTrajectory {
    let settings = ConvolutionalSettings(request.settings)
    func trajectory<Scalar: KernelScalar>(_ type: Scalar.Type) throws -> any TrainingTrajectory {
      let data = DataShape(request.dataset)
      let trainings = try trainings(request, settings, type, cache)
      return FoldTrajectory(
        trainings, steps: CurveSteps(batch: settings.dense.batchSize, examples: data.examples),
        byteCount: Int(weightBytes(settings, try shape(settings, data))) * trainings.count)
    }
    return switch settings.dense.precision {
    case .single: try trajectory(Float.self)
    case .double: try trajectory(Double.self)
    }
  }

  public static func networks(
    _ request: EvaluationRequest, after updates: Int, sharing cache: FoldCache, isCancelled: () -> Bool
  ) throws -> [TrainedFold]? {
    let settings = ConvolutionalSettings(request.settings)
    func networks<Scalar: KernelScalar>(_ type: Scalar.Type) throws -> [TrainedFold]? {
      try TrainedFold.folds(
        try trainings(request, settings, type, cache), request, after: updates, isCancelled: isCancelled)
    }
    return switch settings.dense.precision {
    case .single: try networks(Float.self)
    case .double: try networks(Double.self)
    }
  }

  /// What begins the training of each fold.
  private static func trainings<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ settings: ConvolutionalSettings, _ type: Scalar.Type, _ cache: FoldCache
  ) throws -> [() -> ConvolutionalTraining<Scalar>] {
    let shape = try shape(settings, DataShape(request.dataset))
    let draw = KeyedDraw(seed: request.trainingSeed, stream: request.stream)
    let passes = ConvolutionalPasses<Scalar>(settings, shape)
    return try cache.pictures(request, type).map { fold in
      { ConvolutionalTraining(passes, fold: fold, draw: draw) }
    }
  }

  /// The sizes of a network; throws where there is none.
  private static func shape(_ settings: ConvolutionalSettings, _ data: DataShape) throws -> ConvolutionalShape {
    guard let shape = ConvolutionalShape(settings, data) else {
      throw NoPictures(description: "The examples have no height and width.")
    }
    if let shrunk = shape.shrunk { throw NoPictures(description: shrunk) }
    return shape
  }
}

/// What cannot be trained.
extension ConvolutionalModel {
  public static func refusal(of data: DataShape) -> String? {
    if (2...3).contains(data.shape.count) { return nil }
    let numbers = data.features == 1 ? "1 number" : "\(data.features) numbers"
    return
      "a cnn needs pictures, which have height and width, but an example of this data set is \(numbers) without a shape"
  }

  /// A larger kernel, stride or pooling never leaves more of a picture, nor does `valid`, nor one more convolution: so the
  /// values that leave most decide.
  public static func infeasibility(_ choices: [String: [ParameterValue]], data: DataShape) -> String? {
    var best = choices.compactMapValues { values in
      values.min { ($0.number ?? 0) < ($1.number ?? 0) }
    }
    if choices["padding"]?.contains(.string(Padding.same.rawValue)) ?? false {
      best["padding"] = .string(Padding.same.rawValue)
    }
    return ConvolutionalShape(ConvolutionalSettings(best), data)?.shrunk
  }
}
