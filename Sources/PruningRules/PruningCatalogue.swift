/// Every rule that a definition can name.
public enum PruningCatalogue {
  /// The rules, in the order listed to people.
  public static let all: [PruningDescription] = [
    MedianRule.description, PercentileRule.description, HalvingRule.description, ThresholdRule.description,
    PatienceRule.description,
  ]

  /// The rule of a name, or nil.
  public static func named(_ name: String) -> PruningDescription? { all.first { $0.facts.name == name } }
}
