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

  /// Why it cannot be trained on a data set, to be read after a colon; nil where it can.
  static func refusal(of data: DataShape) -> String?

  /// Why no training is possible with any of the values given for each setting, in words that name the layer; nil where one
  /// is. Of one training each setting has one value.
  static func infeasibility(_ choices: [String: [ParameterValue]], data: DataShape) -> String?

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
  /// Nil: it takes every data set.
  public static func refusal(of data: DataShape) -> String? { nil }
  /// Nil: whatever settings are allowed can be trained.
  public static func infeasibility(_ choices: [String: [ParameterValue]], data: DataShape) -> String? { nil }
}
