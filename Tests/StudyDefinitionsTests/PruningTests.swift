import JSONText
import SearchSpace
import Testing

@testable import StudyDefinitions

@Suite struct PruningTests {
  static let faulty: [FaultCase] = [
    FaultCase(#"{"pruning": "median"}"#, ("/pruning", "must be a JSON object such as")),
    FaultCase(#"{"pruning": []}"#, ("/pruning", "but is a list")),
    FaultCase(#"{"pruning": {}}"#, ("/pruning", "rule is missing; it must be one of: median, threshold")),
    FaultCase(#"{"pruning": {"ruel": "median"}}"#, ("/pruning", "rule is missing")),
    FaultCase(#"{"pruning": {"rule": 3}}"#, ("/pruning/rule", "must be a string")),
    FaultCase(#"{"pruning": {"rule": "medain"}}"#, ("/pruning/rule", "\"median\"")),
    FaultCase(#"{"prunning": {"rule": "median"}}"#, ("/prunning", "\"pruning\"")),
    FaultCase(
      #"{"pruning": {"rule": "median", "warmup_stesp": 3, "minimum_trials": 0, "lower": 1}}"#,
      ("/pruning/warmup_stesp", "\"warmup_steps\""), ("/pruning/minimum_trials", "from 1 to"),
      ("/pruning/lower", "Unknown key")),
    FaultCase(#"{"pruning": {"rule": "median", "warmup_steps": 0.5}}"#, ("/pruning/warmup_steps", "an integer")),
    FaultCase(#"{"pruning": {"rule": "threshold"}}"#, ("/pruning", "threshold needs lower or upper")),
    FaultCase(#"{"pruning": {"rule": "threshold", "loewr": 1}}"#, ("/pruning/loewr", "\"lower\"")),
    FaultCase(#"{"pruning": {"rule": "threshold", "lower": "x"}}"#, ("/pruning/lower", "a number")),
    FaultCase(
      #"{"pruning": {"rule": "threshold", "lower": 2, "upper": 2}}"#,
      ("/pruning/upper", "upper must be above lower, which is 2, but is 2")),
    FaultCase(
      #"{"parallelism": 0, "pruning": {"rule": "median", "warmup_steps": -1}}"#, ("/parallelism", "from 1"),
      ("/pruning/warmup_steps", "from 0")),
  ]

  @Test(arguments: faulty) func everyFaultIsTold(_ example: FaultCase) throws { try check(example) }

  @Test func defaultsAreFilledIn() throws {
    let definition = try resolve(body(#"{"pruning": {"rule": "median", "warmup_steps": 10}}"#))
    #expect(
      definition.pruning
        == PruningDefinition(
          rule: "median", version: 3, options: ["warmup_steps": .integer(10), "minimum_trials": .integer(5)]))
    #expect(
      definition.json["pruning"]?.text == #"{"rule":"median","version":3,"minimum_trials":5,"warmup_steps":10}"#)
  }

  @Test func itComesBackFromTheStoreExactly() throws {
    for text in [
      #"{"rule": "median"}"#, #"{"rule": "threshold", "lower": -2, "upper": 2.5}"#,
      #"{"rule": "threshold", "upper": 0}"#,
    ] {
      let definition = try resolve(body(#"{"pruning": \#(text)}"#))
      let stored = try JSONValue(parsing: Array(definition.json.text.utf8))
      #expect(try ResolvedDefinition(json: stored) == definition)
    }
  }

  /// What was stored before there was pruning has none, and shows none.
  @Test(arguments: ["{}", #"{"pruning": null}"#]) func whatIsLeftOutIsNotShown(_ changes: String) throws {
    let definition = try resolve(body(changes))
    #expect(
      definition.pruning == nil && definition.json["pruning"] == nil && definition.json["types"]?["pruning"] == nil)
    #expect(try ResolvedDefinition(json: definition.json) == definition)
  }

  @Test func damagedPruningIsRefused() throws {
    let definition = try resolve(body(#"{"pruning": {"rule": "median"}}"#))
    for damage in [
      #"{"pruning": {"rule": null}}"#, #"{"pruning": {"version": null}}"#, #"{"types": {"pruning": null}}"#,
    ] {
      #expect(throws: StoredFormError.self) { try ResolvedDefinition(json: definition.json.merging(try json(damage))) }
    }
  }

  /// Two definitions are the same where defaults that are given and those that are left out are; versions do not count.
  @Test func definitionsAreTheSameAfterDefaults() throws {
    let text = try resolve(body(#"{"pruning": {"rule": "median"}}"#)).canonicalText
    let given = try resolve(body(#"{"pruning": {"minimum_trials": 5.0, "warmup_steps": 0, "rule": "median"}}"#))
    #expect(given.canonicalText == text && !text.contains("version\":3"))
    #expect(try resolve(body(#"{"pruning": {"rule": "median", "warmup_steps": 1}}"#)).canonicalText != text)
    #expect(try resolve(body()).canonicalText != text)
  }

  /// The repeats of a trial that may be pruned are trained side by side, and take the memory of all.
  @Test func repeatsThatAreTrainedTogetherNeedMemory() throws {
    let many = #""model": {"units_1": 10000}, "validation": {"repeats": 10}"#
    #expect(try faults(body("{\(many)}")).isEmpty)
    let found = try faults(body("{\(many), \(#""pruning": {"rule": "median"}"#)}"))
    #expect(found.map(\.pointer) == ["/parameters"])
  }

  @Test func itCannotBeChangedLater() throws {
    let definition = try resolve(body(#"{"pruning": {"rule": "median"}}"#))
    do {
      _ = try DefinitionValidator(context: .test).edit(
        patch: try json(#"{"pruning": null}"#), budget: definition.budget, parallelism: 4, maxRunning: nil, labels: [:],
        notes: nil, highestNumber: 0, resolved: definition)
      Issue.record("pruning was changed")
    } catch let error as InvalidDefinition { #expect(error.faults.map(\.pointer) == ["/pruning"]) }
  }
}
