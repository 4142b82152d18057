/// One value of a hyper-parameter.
public enum ParameterValue: Hashable, Sendable {
  case integer(Int)
  case real(Double)
  case boolean(Bool)
  case string(String)

  /// The number that a numeric value is, or nil.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .boolean, .string: nil
    }
  }
}

/// One point of a search space: a value for each parameter that is present in it, by name.
public struct Point: Hashable, Sendable {
  /// The values by parameter name.
  public var values: [String: ParameterValue]

  /// Makes a point.
  public init(_ values: [String: ParameterValue] = [:]) { self.values = values }

  /// The value of a parameter, or nil where the parameter is absent from the point.
  public subscript(name: String) -> ParameterValue? {
    get { values[name] }
    set { values[name] = newValue }
  }
}
