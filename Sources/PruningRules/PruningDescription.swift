import SearchSpace

/// What a rule is made from.
public struct PruningContext: Sendable {
  /// Whether larger values are better.
  public var maximize: Bool
  /// The rule's options by name, defaults filled in.
  public var options: [String: ParameterValue]

  /// Makes a context.
  public init(maximize: Bool, options: [String: ParameterValue]) {
    self.maximize = maximize
    self.options = options
  }

  /// The value of an integer option; nil where it is left out and has no default.
  func integer(_ name: String) -> Int? {
    if case .integer(let value)? = options[name] { value } else { nil }
  }

  /// The value of a numeric option; nil where it is left out and has no default.
  func number(_ name: String) -> Double? { options[name]?.number }
}

/// One rule of the catalogue: what is said of it, and how it is made.
public struct PruningDescription: Sendable {
  /// What validation and people must know.
  public var facts: PruningFacts
  /// Makes the rule.
  public var make: @Sendable (PruningContext) -> any PruningRule

  /// Makes a description.
  public init(_ facts: PruningFacts, make: @escaping @Sendable (PruningContext) -> any PruningRule) {
    self.facts = facts
    self.make = make
  }
}

extension ParameterDescription {
  /// An option of a rule that is an integer of at least `minimum`.
  static func count(_ name: String, from minimum: Int, default value: Int?, _ help: String) -> ParameterDescription {
    ParameterDescription(
      name: name, kind: .integer(minimum: minimum, maximum: 9_007_199_254_740_991),
      defaultValue: value.map { .integer($0) }, help: help, tunable: false)
  }

  /// An option of a rule that is a number.
  static func number(
    _ name: String, from minimum: Double = -.infinity, to maximum: Double = .infinity, minimumExclusive: Bool = false,
    default value: Double?, _ help: String
  ) -> ParameterDescription {
    ParameterDescription(
      name: name,
      kind: .real(
        minimum: minimum, maximum: maximum, minimumExclusive: minimumExclusive, maximumExclusive: false),
      defaultValue: value.map { .real($0) }, help: help, tunable: false)
  }
}
