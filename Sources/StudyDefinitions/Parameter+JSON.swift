import JSONText
import SearchSpace

extension Parameter {
  /// The parameter as `resolved` shows it: type, and the levels laid out or the ends of its range.
  var json: JSONValue {
    var object = JSONObject()
    switch domain {
    case .levels(let levels):
      object["type"] = .string(Self.isReal(levels) ? "real" : "integer")
      object["values"] = .array(levels.map(\.json))
    case .categories(let categories):
      object["type"] = "categorical"
      object["values"] = .array(categories.map(\.json))
      if Self.isReal(categories) { object["numbers"] = "real" }
    case .integerRange(let minimum, let maximum, let scale):
      object["type"] = "integer"
      object["min"] = .number(Double(minimum))
      object["max"] = .number(Double(maximum))
      object["scale"] = .string(scale.rawValue)
    case .realRange(let minimum, let maximum, let scale):
      object["type"] = "real"
      object["min"] = .number(minimum)
      object["max"] = .number(maximum)
      object["scale"] = .string(scale.rawValue)
    }
    writeCondition(to: &object)
    return .object(object)
  }

  private static func isReal(_ values: [ParameterValue]) -> Bool {
    values.contains { if case .real = $0 { true } else { false } }
  }

  init(name: String, json: JSONValue) throws(StoredFormError) {
    guard let domain = Self.domain(json) else {
      throw StoredFormError(detail: "The parameter \(name) is not in the form that Cairn stores.")
    }
    self.init(
      name: name, domain: domain, condition: try Self.condition(of: name, json),
      isStructural: Self.isStructural(name, json))
  }

  private static func domain(_ json: JSONValue) -> Domain? {
    guard let type = json["type"]?.stringValue else { return nil }
    if let elements = json["values"]?.arrayValue {
      let typeName = type == "categorical" ? json["numbers"]?.stringValue ?? type : type
      let values = elements.compactMap { ParameterValue(json: $0, typeName: typeName) }
      guard values.count == elements.count, !values.isEmpty else { return nil }
      return type == "categorical" ? .categories(values) : .levels(values)
    }
    guard let scale = json["scale"]?.stringValue.flatMap(Scale.init), let low = json["min"], let high = json["max"]
    else { return nil }
    if type == "integer", let minimum = low.integerValue, let maximum = high.integerValue {
      return .integerRange(minimum: minimum, maximum: maximum, scale: scale)
    }
    if type == "real", let minimum = low.numberValue, let maximum = high.numberValue {
      return .realRange(minimum: minimum, maximum: maximum, scale: scale)
    }
    return nil
  }
}

extension ParameterSpace {
  /// The parameters by name.
  var json: JSONValue { .object(JSONObject(parameters.map { ($0.name, $0.json) })) }

  init(json: JSONValue) throws(StoredFormError) {
    guard case .object(let object) = json else { throw StoredFormError(detail: "parameters must be an object.") }
    var parameters: [Parameter] = []
    for member in object.members { parameters.append(try Parameter(name: member.name, json: member.value)) }
    self.init(parameters)
  }
}
