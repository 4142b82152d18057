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
  /// The parameter is present only in points where `layers` is at least this (nil: always present).
  public var presentFromLayers: Int?

  /// Makes a parameter.
  public init(name: String, domain: Domain, presentFromLayers: Int? = nil) {
    self.name = name
    self.domain = domain
    self.presentFromLayers = presentFromLayers
  }
}

/// Every point that may be tried: the parameters, in the one order used everywhere (by the bytes of their names).
public struct ParameterSpace: Sendable, Hashable {
  /// The parameters, sorted by the bytes of their names.
  public let parameters: [Parameter]

  /// Makes a space; sorts the parameters. A tuned `layers` is the parameter of that name, and others are
  /// conditional on it by `presentFromLayers`.
  public init(_ parameters: [Parameter]) {
    self.parameters = parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
