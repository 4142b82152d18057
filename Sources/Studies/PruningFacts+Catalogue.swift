import PruningRules
import SearchSpace

extension PruningFacts {
  /// What definitions may name: every pruning rule of the catalogue.
  public static let catalogue: [PruningFacts] = PruningCatalogue.all.map(\.facts)
}
