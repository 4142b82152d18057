import DataFacts
import JSONText
import SearchSpace
import StudyDefinitions
import Testing

/// Definitions of studies whose trials are looked up.
@Suite struct TableDefinitionTests {
  private static let least = """
    {"dataset": "tried", "model": {"kind": "table"},
     "parameters": {"units": {"type": "integer", "values": [5, 10]}, "kind": {"type": "categorical", "values": ["relu"]}},
     "objective": {"metric": "loss", "goal": "minimize"}}
    """

  private func faults(_ changes: String) throws -> [Fault] {
    do {
      _ = try resolve(try json(Self.least).merging(json(changes)))
      return []
    } catch let error as InvalidDefinition { return error.faults }
  }

  @Test func whatIsLeftOut() throws {
    let definition = try resolve(json(Self.least))
    #expect(definition.source == .table && !definition.isExternal && !definition.isTrained)
    #expect(definition.modelKind == "table" && definition.constants.isEmpty && definition.training == nil)
    #expect(definition.table == TableDefinition(dataset: "tried", datasetSHA256: String(repeating: "3c", count: 32)))
    #expect(definition.dataset == "tried" && definition.datasetSHA256 == definition.table?.datasetSHA256)
    #expect(definition.metric == "loss" && definition.goal == .minimize && definition.tieBreak == nil)
    #expect(definition.space.parameters.map(\.name) == ["kind", "units"])
    #expect(definition.parallelism == 1 && definition.repeats == 1 && definition.final == nil)
    #expect(definition.json["validation"] == nil && definition.json["dataset"] == "tried")
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
    #expect(definition.metricNames(told: ["loss", "accuracy"]) == ["accuracy", "loss"])
  }

  @Test func whatIsGiven() throws {
    let changes = """
      {"objective": {"target": 0.5, "tie_break": {"metric": "accuracy", "goal": "maximize"}}, "retries": 1,
       "budget": {"trials": 2, "stall_trials": 9, "seconds": 5}, "parallelism": 3, "reuse": false}
      """
    let definition = try resolve(json(Self.least).merging(json(changes)))
    #expect(definition.tieBreak == TieBreak(metric: "accuracy", goal: .maximize) && definition.target == 0.5)
    #expect(definition.parallelism == 3 && definition.budget == Budget(trials: 2, seconds: 5, stallTrials: 9))
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
    #expect(definition.canonicalText != (try resolve(json(Self.least))).canonicalText)
  }

  @Test(arguments: [
    (#"{"objective": null}"#, "", "objective is missing: a study whose trials are looked up"),
    (#"{"objective": {"metric": null}}"#, "/objective", "must be a column of the table"),
    (#"{"objective": {"goal": null}}"#, "/objective", "goal is missing"),
    (#"{"objective": {"metric": "los"}}"#, "/objective/metric", #"nearest known one is "loss""#),
    (#"{"objective": {"metric": "units"}}"#, "/objective/metric", "is tuned in parameters"),
    (#"{"objective": {"metric": "accuracy"}}"#, "/objective/metric", #"row 3 has """#),
    (#"{"objective": {"tie_break": "seconds"}}"#, "/objective/tie_break", "Unknown column of tried"),
    (#"{"objective": {"tie_break": {"metric": "accuracy"}}}"#, "/objective/tie_break", "goal is missing"),
    (
      #"{"parameters": {"unit": {"type": "integer", "values": [5]}}}"#, "/parameters/unit",
      #"nearest known one is "units""#
    ),
    (
      #"{"parameters": {"other_thing": {"type": "integer", "values": [5]}}}"#, "/parameters/other_thing",
      "known ones are units"
    ),
    (#"{"dataset": "cats"}"#, "/dataset", "needs a data set of format results"),
    (#"{"dataset": null}"#, "", "dataset is missing"),
    (#"{"dataset": "tred"}"#, "/dataset", #"nearest known one is "tried""#),
    (#"{"validation": {"repeats": 2}}"#, "/validation", "table, whose trials are looked up"),
    (#"{"training_seed": 1}"#, "/training_seed", "does not go with"),
    (#"{"pruning": {"rule": "median"}}"#, "/pruning", "does not go with"),
    (#"{"budget": {"trial_seconds": 5}}"#, "/budget/trial_seconds", "whose trials are looked up; leave it out"),
    (#"{"model": {"units": 3}}"#, "/model/units", "with that value alone"),
    (#"{"model": {"kind": "tabel"}}"#, "/model/kind", #"nearest known one is "table""#),
    (#"{"algorithm": {"name": "successive_halving"}}"#, "/algorithm", "resource is missing"),
  ]) func whatIsRefused(_ changes: String, _ pointer: String, _ words: String) throws {
    let found = try faults(changes)
    #expect(found.contains { $0.pointer == pointer && $0.detail.contains(words) }, "\(found)")
  }

  /// A patch keeps to the rules of the study's own source.
  @Test func aPatchTakesNoTrialSeconds() throws {
    let definition = try resolve(json(Self.least))
    #expect(throws: InvalidDefinition.self) {
      try DefinitionValidator(context: .test).edit(
        patch: json(#"{"budget": {"trial_seconds": 5}}"#), budget: definition.budget, parallelism: 1, maxRunning: nil,
        labels: [:], notes: nil, highestNumber: 0, resolved: definition)
    }
  }

  @Test func aTableIsNothingToTrainOn() throws {
    let fault = try #require(StudyDefinitionsTests.faults(body(#"{"dataset": "tried"}"#)).first)
    #expect(fault.pointer == "/dataset" && fault.detail.contains(#""model": {"kind": "table"}"#))
  }
}
