import SearchAlgorithms
import SearchSpace

extension AlgorithmFacts {
  /// What definitions may name: every algorithm of the catalogue.
  public static let catalogue: [AlgorithmFacts] = AlgorithmCatalogue.all.map(\.facts)
}
