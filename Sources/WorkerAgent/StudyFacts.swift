import JSONText

/// What a worker must know of its study.
struct StudyFacts: Sendable, Hashable {
  var name: String
  /// The same name may be another study tomorrow.
  var id: String
  var state: String
  var kind: String
  var objective: String
  /// Parameters in the order of the definition.
  var parameters: [String]
  /// Texts among the values that no process can be given.
  var hasNulText: Bool
  /// Whether trials are pruned for what is measured.
  var isPruned: Bool
  var stopDetail: String?

  /// Reads a study; nil where it is not as the contract has it.
  init?(_ study: JSONValue) {
    guard let name = study["name"]?.stringValue, let state = study["state"]?.stringValue,
      let definition = study["definition"], let kind = definition["model"]?["kind"]?.stringValue,
      let parameters = definition["parameters"]?.objectValue
    else { return nil }
    self.name = name
    self.state = state
    self.kind = kind
    id = study["id"]?.stringValue ?? name
    objective = (definition["objective"] ?? study["resolved"]?["objective"])?["metric"]?.stringValue ?? ""
    self.parameters = parameters.members.map(\.name)
    hasNulText = parameters.members.contains { parameter in
      parameter.value["values"]?.arrayValue?.contains { $0.stringValue?.utf8.contains(0) == true } == true
    }
    isPruned = definition["pruning"]?.objectValue != nil
    stopDetail = study["stop_reason"]?["detail"]?.stringValue
  }

  /// Whether a study in this state hands nothing out any more.
  static func hasEnded(_ state: String) -> Bool { ["completed", "stopped", "failed"].contains(state) }

  /// Throws where a worker cannot work for the study: the whole of what is wrong, in one sentence.
  func check(named names: [String]) throws(WorkerRefusal) {
    guard kind == "external" else {
      throw WorkerRefusal(
        "The study \"\(name)\" trains a model of the service itself (\"\(kind)\"); a worker runs commands for studies whose "
          + "model.kind is \"external\".")
    }
    let unknown = names.filter { !parameters.contains($0) }
    guard unknown.isEmpty else {
      throw WorkerRefusal(
        "The command names \(unknown.map { "{\($0)}" }.joined(separator: ", ")), which the study \"\(name)\" does not have; "
          + "its parameters are \(parameters.map { "{\($0)}" }.joined(separator: ", ")). "
          + "Write {{name}} for a literal {name}.")
    }
    if let (first, second) = ParameterText.clash(in: parameters) {
      throw WorkerRefusal(
        "The parameters \"\(first)\" and \"\(second)\" would both be the variable \(ParameterText.variable(first)); "
          + "a worker needs names that differ in more than upper and lower case.")
    }
    guard !hasNulText else {
      throw WorkerRefusal("A value of a parameter contains a NUL character, which no command can be given.")
    }
  }
}
