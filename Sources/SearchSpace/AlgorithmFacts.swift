/// What validation and people must know of an algorithm.
public struct AlgorithmFacts: Sendable, Hashable {
  /// The name in definitions (`grid`).
  public var name: String
  /// Raised whenever the same definition would get other suggestions.
  public var version: Int
  /// One or two sentences for a person.
  public var summary: String
  /// Where it comes from: authors, title, year, DOI.
  public var citation: String
  /// Its own options.
  public var options: [ParameterDescription]
  /// Whether its suggestions depend on the budget.
  public var usesBudget: Bool
  /// Whether every parameter must have a grid.
  public var needsGrid: Bool
  /// Whether a definition without a budget covers the whole grid.
  public var coversGrid: Bool

  /// Makes the facts.
  public init(
    name: String, version: Int, summary: String, citation: String, options: [ParameterDescription],
    usesBudget: Bool = false, needsGrid: Bool = false, coversGrid: Bool = false
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.citation = citation
    self.options = options
    self.usesBudget = usesBudget
    self.needsGrid = needsGrid
    self.coversGrid = coversGrid
  }
}
