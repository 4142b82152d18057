import JSONText
import SearchSpace

extension ParameterValue {
  /// The value as JSON; integers and reals are both numbers (5.0 shows as `5`).
  public var json: JSONValue {
    switch self {
    case .integer(let value): .number(Double(value))
    case .real(let value): .number(value == 0 ? 0 : value)
    case .boolean(let value): .bool(value)
    case .string(let value): .string(value)
    }
  }

  /// The value of a JSON scalar, a whole number as an integer; nil for null, lists and objects.
  public init?(json: JSONValue) {
    switch json {
    case .number(let number): self = json.integerValue.map { .integer($0) } ?? .real(number)
    case .bool(let value): self = .boolean(value)
    case .string(let value): self = .string(value)
    case .null, .array, .object: return nil
    }
  }

  /// What JSON does not tell of the value: whether a number is an integer or a real.
  var typeName: String {
    switch self {
    case .integer: "integer"
    case .real: "real"
    case .boolean, .string: "categorical"
    }
  }

  /// The value of a JSON scalar where the type is known.
  init?(json: JSONValue, typeName: String) {
    guard let value = ParameterValue(json: json) else { return nil }
    self = typeName == "real" ? value.number.map { .real($0) } ?? value : value
  }
}
