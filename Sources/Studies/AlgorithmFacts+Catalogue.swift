import SearchAlgorithms
import StudyDefinitions

extension AlgorithmFacts {
  /// What definitions may name: every algorithm of the catalogue.
  public static let catalogue: [AlgorithmFacts] = AlgorithmCatalogue.all.map {
    AlgorithmFacts(
      name: $0.name, version: $0.version, summary: $0.summary, citation: $0.citation, options: $0.options,
      usesBudget: $0.usesBudget, needsGrid: $0.needsGrid, coversGrid: $0.coversGrid)
  }
}
