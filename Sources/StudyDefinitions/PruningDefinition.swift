import JSONText
import SearchSpace

/// By which rule the trials of a study end early.
public struct PruningDefinition: Sendable, Hashable {
  /// The rule's name.
  public var rule: String
  /// The rule's version when the study was made.
  public var version: Int
  /// The rule's options, defaults filled in.
  public var options: [String: ParameterValue]

  /// Makes one.
  public init(rule: String, version: Int, options: [String: ParameterValue]) {
    self.rule = rule
    self.version = version
    self.options = options
  }

  /// The form that `resolved` has.
  var json: JSONValue { json(head: [("rule", .string(rule)), ("version", .number(Double(version)))]) }

  /// What a caller can say of it.
  var sameJSON: JSONValue { json(head: [("rule", .string(rule))]) }

  private func json(head: [(String, JSONValue)]) -> JSONValue {
    let rest = Point.object(options).objectValue?.members.map { ($0.name, $0.value) } ?? []
    return .object(JSONObject(head + rest))
  }

  /// Reads what `json` wrote; `types` says of each option whether it is an integer or a real.
  init(json: JSONValue, types: JSONValue?) throws(StoredFormError) {
    guard let rule = json["rule"]?.stringValue, let version = json["version"]?.integerValue else {
      throw StoredFormError(detail: "A stored definition has no usable pruning.")
    }
    var options: [String: ParameterValue] = [:]
    for member in json.objectValue?.members ?? [] where member.name != "rule" && member.name != "version" {
      guard let type = types?[member.name]?.stringValue,
        let value = ParameterValue(json: member.value, typeName: type)
      else { throw StoredFormError(detail: "A stored definition has no usable pruning/\(member.name).") }
      options[member.name] = value
    }
    self.init(rule: rule, version: version, options: options)
  }
}
