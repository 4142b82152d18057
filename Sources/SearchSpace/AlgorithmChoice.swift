/// What a search is chosen for.
public struct SearchTask: Sendable {
  /// Where to search.
  public var space: ParameterSpace
  /// How many trials there will be at most; nil where no number bounds them.
  public var trials: Int?
  /// How many outcomes a search that learns may lack.
  public var parallelism: Int

  /// Makes a task.
  public init(space: ParameterSpace, trials: Int?, parallelism: Int) {
    self.space = space
    self.trials = trials
    self.parallelism = parallelism
  }
}

/// An algorithm that was chosen, and why.
public struct AlgorithmChoice: Sendable, Hashable {
  /// The algorithm's name.
  public var name: String
  /// One sentence for a person.
  public var reason: String

  /// Makes a choice.
  public init(name: String, reason: String) {
    self.name = name
    self.reason = reason
  }
}

extension AlgorithmFacts {
  /// The name of no algorithm, but of the choice of one.
  public static let automaticName = "auto"
}
