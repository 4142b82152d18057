import SearchSpace

/// Why a trial was tried, for people: which kind of step, and what else the algorithm tells of it.
public struct Origin: Sendable, Hashable {
  /// One thing that an algorithm tells of a step.
  public struct Fact: Sendable, Hashable {
    /// Its name in answers: letters and `_`.
    public var name: String
    /// Its value.
    public var value: ParameterValue

    /// Makes a fact.
    public init(_ name: String, _ value: ParameterValue) {
      self.name = name
      self.value = value
    }
  }

  /// The kind of step: `grid`, `random`, `start`, `poll`.
  public var kind: String
  /// What else there is to tell, in the order in which it is shown.
  public var facts: [Fact]

  /// Makes an origin.
  public init(kind: String, _ facts: KeyValuePairs<String, ParameterValue> = [:]) {
    self.kind = kind
    self.facts = facts.map { Fact($0.key, $0.value) }
  }
}

/// What an algorithm suggests for one trial number.
public struct Suggestion: Sendable, Hashable {
  /// The point to try.
  public var point: Point
  /// Which repetition of that point this is, from 0.
  public var replicate: Int
  /// The number of the last trial whose outcome this suggestion may depend on.
  public var horizon: Int
  /// Why it is tried.
  public var origin: Origin

  /// Makes a suggestion.
  public init(point: Point, replicate: Int = 0, horizon: Int, origin: Origin) {
    self.point = point
    self.replicate = replicate
    self.horizon = horizon
    self.origin = origin
  }
}
