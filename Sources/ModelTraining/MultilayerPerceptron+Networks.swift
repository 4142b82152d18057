import NumericKernels

/// One fold's network, and what it scored.
public struct TrainedFold: Sendable {
  public var network: TrainedNetwork
  public var metrics: TrainingMetrics
  /// What it scores on the part that the search never sees; nil where there is none.
  public var test: TrainedNetwork.Score?

  /// Makes a fold.
  public init(network: TrainedNetwork, metrics: TrainingMetrics, test: TrainedNetwork.Score?) {
    self.network = network
    self.metrics = metrics
    self.test = test
  }
}

/// A training that gave no model because a logit was not finite.
public struct DivergedTraining: Error, CustomStringConvertible {
  /// After so many updates.
  public var iteration: Int

  public var description: String { "the training diverged after \(iteration) updates" }
}

extension MultilayerPerceptron {
  public static func networks(
    _ request: EvaluationRequest, after updates: Int, isCancelled: () -> Bool
  ) throws -> [TrainedFold]? {
    let settings = Hyperparameters(request.settings)
    return settings.isDouble
      ? try networks(request, settings, after: updates, Double.self, isCancelled)
      : try networks(request, settings, after: updates, Float.self, isCancelled)
  }

  private static func networks<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ settings: Hyperparameters, after updates: Int, _ type: Scalar.Type,
    _ isCancelled: () -> Bool
  ) throws -> [TrainedFold]? {
    var trained: [TrainedFold] = []
    for (make, places) in zip(try trainings(request, settings, type), try FoldPlaces.scored(request)) {
      let training = make()
      switch training.advance(to: updates, isCancelled: isCancelled) {
      case .updated: break
      case .cancelled: return nil
      case .diverged: throw DivergedTraining(iteration: training.iteration)
      }
      guard let own = training.score(.training), let other = training.score(.validation) else {
        throw DivergedTraining(iteration: updates)
      }
      let examples = TrainingExamples(dataset: request.dataset, places: places.training)
      guard let network = training.network(examples, isCancelled: isCancelled) else { return nil }
      trained.append(
        TrainedFold(
          network: network,
          metrics: TrainingMetrics(
            validationAccuracy: other.accuracy, validationLoss: other.loss, trainAccuracy: own.accuracy,
            trainLoss: own.loss),
          test: network.score(TrainingExamples(dataset: request.dataset, places: places.test))))
    }
    return trained
  }
}
