import Datasets
import SearchSpace

/// How a trial is scored: which examples train and which score.
public enum ValidationSplit: Sendable, Hashable {
  /// Trained on the first part, scored on the data set's own second part.
  case test
  /// A stratified share of the first part is held out; `test`, if any, a last share that the search never sees.
  case holdout(Double, test: Double?)
  /// Stratified folds of the first part, each scored by a training on the others.
  case folds(Int)
}

/// Everything that decides an evaluation's bits.
public struct EvaluationRequest: Sendable {
  /// Every hyper-parameter of the model by name, constants and the point's values together, defaults filled in.
  public var settings: [String: ParameterValue]
  /// The examples.
  public var dataset: Dataset
  /// Which examples train and which score.
  public var split: ValidationSplit
  /// How many trainings with other weights make the value (≥ 1).
  public var repeats: Int
  /// Which repetition of the point this is; repeat j uses stream `replicate * repeats + j`.
  public var replicate: Int
  /// The seed of weights, batches, dropout and splits.
  public var trainingSeed: UInt64
  /// The objective: `validation_accuracy` or `validation_loss`.
  public var metric: String

  /// Makes a request.
  public init(
    settings: [String: ParameterValue], dataset: Dataset, split: ValidationSplit, repeats: Int, replicate: Int,
    trainingSeed: UInt64, metric: String
  ) {
    self.settings = settings
    self.dataset = dataset
    self.split = split
    self.repeats = repeats
    self.replicate = replicate
    self.trainingSeed = trainingSeed
    self.metric = metric
  }
}

/// The four numbers read off a training.
public struct TrainingMetrics: Sendable, Hashable {
  /// Fraction right on the validation examples.
  public var validationAccuracy: Double
  /// Mean natural-log cross-entropy on the validation examples.
  public var validationLoss: Double
  /// Fraction right on the training examples.
  public var trainAccuracy: Double
  /// Mean natural-log cross-entropy on the training examples (without the weight decay's penalty).
  public var trainLoss: Double

  /// Makes the four.
  public init(validationAccuracy: Double, validationLoss: Double, trainAccuracy: Double, trainLoss: Double) {
    self.validationAccuracy = validationAccuracy
    self.validationLoss = validationLoss
    self.trainAccuracy = trainAccuracy
    self.trainLoss = trainLoss
  }
}

/// What an evaluation gives.
public struct EvaluationResult: Sendable, Hashable {
  /// The objective for each repeat (mean over folds); its mean is the trial's value.
  public var scores: [Double]
  /// The metrics at the last iteration, mean over repeats and folds.
  public var metrics: TrainingMetrics
  /// At most 200 points of the learning curve, mean over repeats and folds; the last is the last iteration.
  public var curve: [(step: Int, metrics: TrainingMetrics)]

  /// Makes a result.
  public init(scores: [Double], metrics: TrainingMetrics, curve: [(step: Int, metrics: TrainingMetrics)]) {
    self.scores = scores
    self.metrics = metrics
    self.curve = curve
  }

  public static func == (a: EvaluationResult, b: EvaluationResult) -> Bool {
    a.scores == b.scores && a.metrics == b.metrics && a.curve.count == b.curve.count
      && zip(a.curve, b.curve).allSatisfy { $0 == $1 }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(scores)
    hasher.combine(metrics)
  }
}

/// How an evaluation ended.
public enum EvaluationOutcome: Sendable, Hashable {
  /// It ran to the last iteration, and every logit was finite.
  case finished(EvaluationResult)
  /// A logit ceased to be finite at this iteration.
  case diverged(iteration: Int)
  /// It was told to stop.
  case cancelled
}

/// A kind of model that can be trained.
public protocol TrainableModel: Sendable {
  /// The name in definitions (`mlp`).
  static var kind: String { get }
  /// One sentence for a person.
  static var summary: String { get }
  /// Every hyper-parameter.
  static var parameters: [ParameterDescription] { get }

  /// Trains and scores on the calling thread; `isCancelled` is asked at least every 50 ms.
  static func evaluate(_ request: EvaluationRequest, isCancelled: () -> Bool) -> EvaluationOutcome

  /// About how many floating-point operations an evaluation takes (for time left).
  static func operations(
    settings: [String: ParameterValue], examples: Int, secondPartExamples: Int, features: Int, classes: Int,
    split: ValidationSplit, repeats: Int
  ) -> Double

  /// About how many bytes an evaluation holds at once, beside the data set.
  static func memory(
    settings: [String: ParameterValue], examples: Int, secondPartExamples: Int, features: Int, classes: Int,
    split: ValidationSplit
  ) -> Double
}
