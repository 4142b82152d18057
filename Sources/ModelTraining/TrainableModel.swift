import SearchSpace

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
  /// What its trained networks are, and how files keep them.
  static var network: any TrainedNetwork.Type { get }

  /// A training at its beginning. Throws where the data set does not allow the split.
  ///
  /// What it makes of the folds' examples before it trains on them it takes from `cache`, and leaves there.
  static func trajectory(_ request: EvaluationRequest, sharing cache: FoldCache) throws -> any TrainingTrajectory

  /// Trains anew on the calling thread and gives the network of every fold after `updates` updates (≥ 1), the very one
  /// that the metrics of a trial were read from; nil once `isCancelled`, which is asked at least every 50 ms.
  ///
  /// Throws where the data set does not allow the split, and `DivergedTraining`.
  static func networks(
    _ request: EvaluationRequest, after updates: Int, sharing cache: FoldCache, isCancelled: () -> Bool
  ) throws -> [TrainedFold]?

  /// About how many floating-point operations an evaluation takes (for time left).
  static func operations(
    settings: [String: ParameterValue], data: DataShape, split: ValidationSplit, repeats: Int
  ) -> Double

  /// About how many bytes an evaluation holds at once, beside the data set.
  static func memory(settings: [String: ParameterValue], data: DataShape, split: ValidationSplit) -> Double
}

extension TrainableModel {
  /// None.
  public static var repeated: [RepeatedSettings] { [] }
}
