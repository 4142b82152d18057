import ExactText
import JSONText

extension [ExactText: ExactText] {
  /// Labels as an object, by the bytes of their names.
  public var json: JSONValue {
    .object(JSONObject(sorted { $0.key < $1.key }.map { ($0.key.string, .string($0.value.string)) }))
  }

  /// Reads what `json` wrote.
  public init(json: JSONValue) {
    self.init()
    for member in json.objectValue?.members ?? [] {
      self[ExactText(member.name)] = ExactText(member.value.stringValue ?? "")
    }
  }
}
