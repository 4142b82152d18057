/// Every algorithm that a definition can name.
public enum AlgorithmCatalogue {
  /// The algorithms, in the order listed to people.
  public static let all: [AlgorithmDescription] = [
    GridSearch.description, RandomSearch.description, ApproximateGradient.description, ParzenEstimator.description,
    SuccessiveHalving.description, Hyperband.description, GaussianProcess.description, RadialBasisSurrogate.description,
  ]

  /// The algorithm of a name, or nil.
  public static func named(_ name: String) -> AlgorithmDescription? { all.first { $0.facts.name == name } }
}
