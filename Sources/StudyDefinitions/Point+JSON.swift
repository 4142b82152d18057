import JSONText
import SearchSpace

extension Point {
  /// The values as an object, its members in the order of parameters (by the bytes of their names).
  public var json: JSONValue { Self.object(values) }

  /// Canonical text (RFC 8785): two points are the same if and only if their keys are.
  public var key: String { json.canonicalText }

  /// Reads values of unknown type: whole numbers become integers.
  public init(json: JSONValue) throws(StoredFormError) {
    guard case .object(let object) = json else { throw StoredFormError(detail: "A point must be an object.") }
    self.init()
    for member in object.members {
      guard let value = ParameterValue(json: member.value) else {
        throw StoredFormError(detail: "The value of \(member.name) must be a number, a string or a boolean.")
      }
      values[member.name] = value
    }
  }

  /// Reads values with the types that the parameters of the space have, so that it gives back the very point.
  public init(json: JSONValue, space: ParameterSpace) throws(StoredFormError) {
    try self.init(json: json)
    for (name, value) in values {
      guard let parameter = space.parameters.first(where: { $0.name == name }) else {
        throw StoredFormError(detail: "The point has a value of \(name), which is not a parameter of the study.")
      }
      values[name] = parameter.domain.typed(value)
    }
  }

  static func object(_ values: [String: ParameterValue]) -> JSONValue {
    let names = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return .object(JSONObject(names.compactMap { name in values[name].map { (name, $0.json) } }))
  }
}

extension Parameter.Domain {
  /// A value read from JSON with the type that it has in this domain.
  func typed(_ value: ParameterValue) -> ParameterValue {
    guard let number = value.number else { return value }
    switch self {
    case .levels(let known), .categories(let known): return known.first { $0.number == number } ?? value
    case .integerRange: return value
    case .realRange: return .real(number)
    }
  }
}
