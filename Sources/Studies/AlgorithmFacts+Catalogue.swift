import SearchAlgorithms
import SearchSpace

extension AlgorithmFacts {
  /// What definitions may name: every algorithm of the catalogue, and the choice of one of them.
  public static let catalogue: [AlgorithmFacts] = [AutomaticChoice.facts] + AlgorithmCatalogue.all.map(\.facts)

  /// What `auto` chooses.
  public static let automatic: @Sendable (SearchTask) -> AlgorithmChoice = { AutomaticChoice.choose($0) }
}
