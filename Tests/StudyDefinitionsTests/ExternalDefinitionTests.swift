import JSONText
import StudyDefinitions
import Testing

/// Definitions of studies whose trials callers run.
@Suite struct ExternalDefinitionTests {
  private static let least = """
    {"model": {"kind": "external"},
     "parameters": {"x": {"type": "real", "min": 0, "max": 1}, "who": {"type": "categorical", "values": ["a", "b"]}},
     "objective": {"metric": "score", "goal": "maximize"}}
    """

  private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  private func resolve(_ body: JSONValue) throws -> ResolvedDefinition {
    try DefinitionValidator(context: .test).resolve(body) { "study-12345678" }
  }

  private func faults(_ changes: String) throws -> [Fault] {
    do {
      _ = try resolve(try json(Self.least).merging(json(changes)))
      return []
    } catch let error as InvalidDefinition { return error.faults }
  }

  @Test func whatIsLeftOut() throws {
    let definition = try resolve(json(Self.least))
    #expect(definition.isExternal && definition.modelKind == "external" && definition.constants.isEmpty)
    #expect(definition.metric == "score" && definition.goal == .maximize && definition.tieBreak == nil)
    #expect(definition.space.parameters.map(\.name) == ["who", "x"])
    #expect(definition.retries == 3 && definition.failureLimit == 20 && definition.repeats == 1)
    #expect(definition.parallelism == 4 && definition.budget == Budget(trials: 100))
    for absent in ["dataset", "dataset_sha256", "validation"] { #expect(definition.json[absent] == nil) }
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
  }

  @Test func whatIsGiven() throws {
    let body = try json(Self.least).merging(
      json(
        """
        {"objective": {"target": 0.5, "tie_break": {"metric": "seconds", "goal": "minimize"}}, "retries": 1,
         "failure_limit": 7, "budget": {"stall_trials": 9}, "training_seed": 3}
        """))
    let definition = try resolve(body)
    #expect(definition.target == 0.5 && definition.tieBreak == TieBreak(metric: "seconds", goal: .minimize))
    #expect(definition.retries == 1 && definition.failureLimit == 7)
    #expect(definition.budget == Budget(trials: 100, stallTrials: 9))
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
  }

  @Test(arguments: [
    (#"{"objective": null}"#, ["": "objective is missing"]),
    (#"{"objective": {"metric": null, "goal": null}}"#, ["/objective": "metric is missing"]),
    (#"{"objective": {"goal": null}}"#, ["/objective": "goal is missing"]),
    (#"{"objective": {"metric": ""}}"#, ["/objective/metric": "1 to 128 bytes"]),
    (#"{"dataset": "cats"}"#, ["/dataset": "does not go with a model of kind external"]),
    (#"{"validation": {"repeats": 2}}"#, ["/validation": "does not go with"]),
    (#"{"budget": {"trial_seconds": 5}}"#, ["/budget/trial_seconds": "--timeout"]),
    (#"{"model": {"units_1": 3}}"#, ["/model/units_1": "has no settings here"]),
    (#"{"algorithm": {"name": "successive_halving"}}"#, ["/algorithm": "resource is missing"]),
  ]) func whatIsRefused(_ changes: String, _ words: [String: String]) throws {
    let found = try faults(changes)
    for (pointer, word) in words {
      #expect(found.contains { $0.pointer == pointer && $0.detail.contains(word) }, "\(found)")
    }
  }
}
