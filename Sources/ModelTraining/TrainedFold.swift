/// One fold's network, and what it scored.
public struct TrainedFold: Sendable {
  public var network: any TrainedNetwork
  public var metrics: TrainingMetrics
  /// What it scores on the part that the search never sees; nil where there is none.
  public var test: NetworkScore?

  /// Makes a fold.
  public init(network: any TrainedNetwork, metrics: TrainingMetrics, test: NetworkScore?) {
    self.network = network
    self.metrics = metrics
    self.test = test
  }
}

/// A training that gave no model because a logit was not finite.
public struct DivergedTraining: Error, CustomStringConvertible {
  /// After how many updates.
  public var iteration: Int

  public var description: String { "the training diverged after \(iteration) updates" }
}
