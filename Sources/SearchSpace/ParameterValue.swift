import ExactText

/// One value of a hyper-parameter; two categories that differ in a code point are two.
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

  public static func == (left: ParameterValue, right: ParameterValue) -> Bool {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): left == right
    case (.real(let left), .real(let right)): left == right
    case (.boolean(let left), .boolean(let right)): left == right
    case (.string(let left), .string(let right)): left.isExactly(right)
    case (.integer, _), (.real, _), (.boolean, _), (.string, _): false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .integer(let value): hasher.combine(value)
    case .real(let value): hasher.combine(value)
    case .boolean(let value): hasher.combine(value)
    case .string(let text): text.hashExactly(into: &hasher)
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
