/// What validation and people must know of a rule that ends trials early.
public struct PruningFacts: Sendable, Hashable {
  /// The name in definitions (`median`).
  public var name: String
  /// Raised whenever the same reports would get another verdict.
  public var version: Int
  /// One or two sentences for a person.
  public var summary: String
  /// Where it comes from: authors, title, year, DOI or arXiv number.
  public var citation: String
  /// Its own options.
  public var options: [ParameterDescription]
  /// Options of which at least one must be given; empty where none must.
  public var needsOneOf: [String]
  /// Two options of which the first must be below the second where both are given; nil where there are none.
  public var ascending: AscendingOptions?

  /// Makes the facts.
  public init(
    name: String, version: Int, summary: String, citation: String, options: [ParameterDescription],
    needsOneOf: [String] = [], ascending: AscendingOptions? = nil
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.citation = citation
    self.options = options
    self.needsOneOf = needsOneOf
    self.ascending = ascending
  }
}

/// Two numeric options of which the first must be below the second.
public struct AscendingOptions: Sendable, Hashable {
  /// The option that must be smaller.
  public var below: String
  /// The option that must be larger.
  public var above: String

  /// Makes a pair.
  public init(_ below: String, _ above: String) {
    self.below = below
    self.above = above
  }
}
