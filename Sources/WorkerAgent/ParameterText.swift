import JSONText

/// A parameter's value as a command sees it.
enum ParameterText {
  /// Texts as they are; numbers in their shortest form; `true` and `false`.
  static func text(_ value: JSONValue) -> String { value.stringValue ?? value.text }

  /// Every parameter's text by its name.
  static func texts(_ parameters: JSONObject) -> [String: String] {
    Dictionary(parameters.members.map { ($0.name, text($0.value)) }) { $1 }
  }

  /// The variable of a parameter: `CAIRN_PARAM_LEARNING_RATE`.
  static func variable(_ name: String) -> String { "CAIRN_PARAM_" + name.uppercased() }

  /// Two names that would be one variable; nil where there are none.
  static func clash(in names: [String]) -> (String, String)? {
    var known: [String: String] = [:]
    for name in names.sorted() {
      if let other = known.updateValue(name, forKey: variable(name)) { return (other, name) }
    }
    return nil
  }
}
