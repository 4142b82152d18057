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

  /// The value of a fact, or nil.
  public subscript(name: String) -> ParameterValue? { facts.first { $0.name == name }?.value }
}

extension Origin {
  /// The descent it belongs to, from 1.
  public var restart: Int? { integer("restart") }
  /// The trial number of the centre that was polled.
  public var centre: Int? { integer("centre") }
  /// The parameter that differs from the centre.
  public var axis: String? { text("axis") }
  /// `down`, `up` or `other` (another category).
  public var direction: String? { text("direction") }

  private func integer(_ name: String) -> Int? {
    if case .integer(let value)? = self[name] { value } else { nil }
  }
  private func text(_ name: String) -> String? {
    if case .string(let value)? = self[name] { value } else { nil }
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
