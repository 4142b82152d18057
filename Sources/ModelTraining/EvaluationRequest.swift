import Datasets
import SearchSpace

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
