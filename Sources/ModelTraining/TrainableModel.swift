import Datasets
import SearchSpace

/// How a trial is scored: which examples train and which score.
public enum ValidationSplit: Sendable, Hashable {
  /// Trained on the first part, scored on the data set's own second part.
  case test
  /// Trained on the first part without a share that nothing sees, scored on the second part.
  case testSettingAside(Double)
  /// A stratified share of the first part is held out; `test`, if any, a last share that the search never sees.
  case holdout(Double, test: Double?)
  /// Stratified folds of the first part, each scored by a training on the others; `test`, if any, a share that is set
  /// aside before and that the search never sees.
  case folds(Int, test: Double? = nil)
}

/// Everything that decides a training's bits, but for where it ends.
public struct EvaluationRequest: Sendable {
  /// Every hyper-parameter of the model by name, constants and the point's values together, defaults filled in; the
  /// progress setting, if there, decides nothing.
  public var settings: [String: ParameterValue]
  /// The examples.
  public var dataset: Dataset
  /// Which examples train and which score.
  public var split: ValidationSplit
  /// The stream of its draws: repeat j of replicate r has stream r · repeats + j.
  public var stream: UInt64
  /// The seed of weights, batches, dropout and splits.
  public var trainingSeed: UInt64
  /// Whether networks are scored on the second part, where the split sets no share aside for that; it decides no bit of
  /// a training.
  public var testsOnSecondPart: Bool

  /// Makes a request.
  public init(
    settings: [String: ParameterValue], dataset: Dataset, split: ValidationSplit, stream: UInt64, trainingSeed: UInt64,
    testsOnSecondPart: Bool = false
  ) {
    self.settings = settings
    self.dataset = dataset
    self.split = split
    self.stream = stream
    self.trainingSeed = trainingSeed
    self.testsOnSecondPart = testsOnSecondPart
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

/// What one fold scored on the examples that it left out.
public struct FoldReading: Sendable, Hashable {
  /// Fraction right.
  public var accuracy: Double
  /// Mean natural-log cross-entropy.
  public var loss: Double

  /// Makes a reading.
  public init(accuracy: Double, loss: Double) {
    self.accuracy = accuracy
    self.loss = loss
  }
}

/// One reading of a training: the metrics after so many updates.
public struct Reading: Sendable, Hashable {
  /// How many updates were made.
  public var step: Int
  /// The metrics, mean over folds.
  public var metrics: TrainingMetrics
  /// What each fold scored; empty where one training is all.
  public var folds: [FoldReading]

  /// Makes a reading.
  public init(step: Int, metrics: TrainingMetrics, folds: [FoldReading] = []) {
    self.step = step
    self.metrics = metrics
    self.folds = folds
  }
}

/// How a training that ends after so many updates ended.
public enum EvaluationOutcome: Sendable, Hashable {
  /// Every logit was finite. At most 200 readings, steps ascending; the last is the end.
  case finished([Reading])
  /// After so many updates a logit was not finite.
  case diverged(iteration: Int)
}

/// A training that can be ended anywhere, and resumes from its current update.
///
/// Nothing that it gives for one end depends on which other ends were asked for, or when.
public protocol TrainingTrajectory: AnyObject {
  /// What the training gives for each of `ends` (updates ≥ 1), on the calling thread.
  ///
  /// Resumes from the current update. If a requested end was passed without being recorded, training restarts from zero.
  /// `passing` hears of each end as soon as it is known, in ascending order. Nil once `isCancelled`, which is asked at
  /// least every 50 ms: what was trained until then is kept.
  func outcomes(
    after ends: Set<Int>, passing: (Int, EvaluationOutcome) -> Void, isCancelled: () -> Bool
  ) -> [Int: EvaluationOutcome]?

  /// About how many bytes it holds that nothing else shares.
  var byteCount: Int { get }
}

/// A kind of model that can be trained.
public protocol TrainableModel: Sendable {
  /// The name in definitions (`mlp`).
  static var kind: String { get }
  /// One sentence for a person.
  static var summary: String { get }
  /// Every hyper-parameter.
  static var parameters: [ParameterDescription] { get }
  /// Which of them it has once for each of its blocks (hidden layers), and how definitions name them.
  static var repeated: [RepeatedSettings] { get }
  /// The integer hyper-parameter that says where a training ends and decides nothing before (`iterations`).
  static var progressSetting: String { get }

  /// A training at its beginning. Throws where the data set does not allow the split.
  static func trajectory(_ request: EvaluationRequest) throws -> any TrainingTrajectory

  /// Trains anew on the calling thread and gives the network of every fold after so many updates (≥ 1), the very one that
  /// the metrics of a trial were read from; nil once `isCancelled`, which is asked at least every 50 ms.
  ///
  /// Throws where the data set does not allow the split, and `DivergedTraining`.
  static func networks(
    _ request: EvaluationRequest, after updates: Int, isCancelled: () -> Bool
  ) throws -> [TrainedFold]?

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

extension TrainableModel {
  /// None.
  public static var repeated: [RepeatedSettings] { [] }
}
