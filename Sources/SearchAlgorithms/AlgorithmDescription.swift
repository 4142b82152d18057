import SearchSpace

/// What an algorithm is made from.
public struct AlgorithmContext: Sendable {
  /// Where to search.
  public var space: ParameterSpace
  /// Every draw is a function of it and of what the draw is for.
  public var seed: UInt64
  /// Whether larger values are better.
  public var maximize: Bool
  /// The algorithm's own options by name, defaults filled in (`preset`, `restarts`).
  public var options: [String: ParameterValue]
  /// Suggestion k may depend on outcomes up to k − `parallelism`, so that this many trials run at once; until it is edited.
  public var parallelism: Int
  /// How many trials the study was to have when it was made; nil where nothing bounded them.
  public var budget: Int?
  /// What was tried before the study, in order; searches that learn from every trial begin with it.
  public var prior: [PriorPoint]

  /// Makes a context.
  public init(
    space: ParameterSpace, seed: UInt64, maximize: Bool, options: [String: ParameterValue] = [:], parallelism: Int = 1,
    budget: Int? = nil, prior: [PriorPoint] = []
  ) {
    self.space = space
    self.seed = seed
    self.maximize = maximize
    self.options = options
    self.parallelism = parallelism
    self.budget = budget
    self.prior = prior
  }
}

/// One algorithm of the catalogue: what is said of it, what its contract is, and how it is made.
public struct AlgorithmDescription: Sendable {
  /// What validation and people must know.
  public var facts: AlgorithmFacts
  /// Whether it may suggest a point that has a trial.
  public var repeatsPoints: Bool
  /// Whether it tries every point of a grid in the end, where neither options nor a budget end it.
  public var coversSpace: Bool
  /// Makes the algorithm.
  public var make: @Sendable (AlgorithmContext) -> any SearchAlgorithm

  /// Makes a description.
  public init(
    _ facts: AlgorithmFacts, repeatsPoints: Bool, coversSpace: Bool,
    make: @escaping @Sendable (AlgorithmContext) -> any SearchAlgorithm
  ) {
    self.facts = facts
    self.repeatsPoints = repeatsPoints
    self.coversSpace = coversSpace
    self.make = make
  }
}
