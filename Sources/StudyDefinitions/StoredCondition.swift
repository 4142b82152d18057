import JSONText
import SearchSpace

/// Conditions as `resolved` shows and stores them.
///
/// The first conditions were all on the number of hidden layers, and have a form of their own that answers and databases
/// hold; it is written and read for good. Any other one is a `when`.
extension Parameter {
  private static let layers = "layers"

  /// Adds what decides whether the parameter is present, and whether it decides about others.
  func writeCondition(to object: inout JSONObject) {
    switch (condition?.parameter, condition?.requirement) {
    case (Self.layers?, .atLeast(let bound)?): object["present_from_layers"] = .number(bound)
    case (let parameter?, let requirement?):
      let (key, value): (String, JSONValue) =
        switch requirement {
        case .atLeast(let bound): ("min", .number(bound))
        case .atMost(let bound): ("max", .number(bound))
        case .oneOf(let values): ("values", .array(values.map(\.json)))
        }
      object["when"] = .object(JSONObject([("parameter", .string(parameter)), (key, value)]))
    case (nil, _), (_, nil): break
    }
    if isStructural != (name == Self.layers) { object["structural"] = .bool(isStructural) }
  }

  /// The condition that `writeCondition` wrote.
  static func condition(of name: String, _ json: JSONValue) throws(StoredFormError) -> Condition? {
    if let least = json["present_from_layers"]?.integerValue { return Condition(layers, .atLeast(Double(least))) }
    guard let when = json["when"] else { return nil }
    if let parameter = when["parameter"]?.stringValue {
      if let bound = when["min"]?.numberValue { return Condition(parameter, .atLeast(bound)) }
      if let bound = when["max"]?.numberValue { return Condition(parameter, .atMost(bound)) }
      if let values = when["values"]?.arrayValue {
        return Condition(parameter, .oneOf(values.compactMap(ParameterValue.init(json:))))
      }
    }
    throw StoredFormError(detail: "The condition of the parameter \(name) is not in the form that Cairn stores.")
  }

  /// Whether it decides about others, as `writeCondition` wrote.
  static func isStructural(_ name: String, _ json: JSONValue) -> Bool {
    json["structural"] == nil ? name == layers : json["structural"] == .bool(true)
  }
}
