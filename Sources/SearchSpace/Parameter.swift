/// One dimension of the search: a name and the values that may be tried.
public struct Parameter: Sendable, Hashable {
  /// How a range is spaced.
  public enum Scale: String, Sendable, Hashable { case linear, log }

  /// The values that may be tried.
  public enum Domain: Sendable, Hashable {
    /// Numbers in ascending order, no duplicates (`values`, or a range with `points` already laid out).
    case levels([ParameterValue])
    /// Categories in the order given, no duplicates.
    case categories([ParameterValue])
    /// Every integer from `minimum` to `maximum`, both included; a grid without being listed.
    case integerRange(minimum: Int, maximum: Int, scale: Scale)
    /// Any real from `minimum` to `maximum`; no grid.
    case realRange(minimum: Double, maximum: Double, scale: Scale)
  }

  /// The name.
  public var name: String
  /// The values that may be tried.
  public var domain: Domain
  /// The parameter is present only in points that meet this; nil: in all.
  public var condition: Condition?
  /// Whether it decides what else the model has. Such a parameter varies slowest in the grid, as all do that a condition
  /// names.
  public var isStructural: Bool

  /// Makes a parameter.
  public init(name: String, domain: Domain, condition: Condition? = nil, isStructural: Bool = false) {
    self.name = name
    self.domain = domain
    self.condition = condition
    self.isStructural = isStructural
  }
}
