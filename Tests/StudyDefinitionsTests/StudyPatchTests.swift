import JSONText
import StudyDefinitions
import Testing

@Suite struct StudyPatchTests {
  /// Patches a study of the definition with 20 numbered trials.
  private func patched(
    _ patch: String, definition changes: String = #"{"budget": {"trials": 50, "seconds": 9}}"#
  ) throws -> StudyPatch {
    let definition = try resolve(body(changes))
    return try DefinitionValidator(context: .test).edit(
      patch: try json(patch), budget: definition.budget, parallelism: definition.parallelism,
      maxRunning: definition.maxRunning, labels: definition.labels, notes: definition.notes, highestNumber: 20,
      resolved: definition)
  }

  private func faults(_ patch: String, definition: String = "{}") throws -> [Fault] {
    do {
      _ = try patched(patch, definition: definition)
      return []
    } catch let error as InvalidDefinition {
      return error.faults
    }
  }

  @Test func onlyWhatChangesIsAnEdit() throws {
    let nothing = [
      "{}", #"{"budget": {"trials": 50}}"#, #"{"budget": {"trials": 5e1, "seconds": 9}}"#, #"{"parallelism": null}"#,
      #"{"labels": {"a": null}, "notes": null}"#,
    ]
    for patch in nothing {
      let result = try patched(patch)
      #expect(result.changes == nil)
      #expect(!result.changesAnything, "\(patch)")
    }
    let more = try patched(#"{"budget": {"trials": 60, "seconds": 9}, "parallelism": 8}"#)
    #expect(more.changes == ["budget": ["trials": 60], "parallelism": 8])
    #expect(more.budget == Budget(trials: 60, seconds: 9))
    #expect(more.parallelism == 8)
    let less = try patched(#"{"budget": {"trials": null}}"#)
    #expect(less.changes == ["budget": ["trials": nil]])
    #expect(less.budget == Budget(seconds: 9))
    let slow = try patched(#"{"budget": {"trial_seconds": 2.5}}"#)
    #expect(slow.changes == ["budget": ["trial_seconds": 2.5]])
    #expect(slow.budget == Budget(trials: 50, seconds: 9, trialSeconds: 2.5))
    let any = try patched(
      #"{"budget": {"trial_seconds": null}}"#, definition: #"{"budget": {"trials": 50, "trial_seconds": 3}}"#)
    #expect(any.changes == ["budget": ["trial_seconds": nil]] && any.budget == Budget(trials: 50))
  }

  @Test func labelsMergeAndAreNoEdit() throws {
    let result = try patched(
      #"{"labels": {"a": "2", "b": null, "c": "3"}, "notes": "n", "max_running": 2}"#,
      definition: #"{"budget": {"trials": 50}, "labels": {"a": "1", "b": "1", "d": "4"}}"#)
    #expect(result.labels == ["a": "2", "c": "3", "d": "4"])
    #expect((result.notes, result.maxRunning) == ("n", 2))
    #expect(result.changes == nil)
    #expect(result.changesAnything)
  }

  @Test func removedBudgetIsTheDefault() throws {
    let random = #"{"algorithm": {"name": "random"}, "budget": {"trials": 50}}"#
    #expect(try patched(#"{"budget": null}"#, definition: random).budget == Budget(trials: 100))
    let grid = #"{"parameters": {"iterations": {"type": "integer", "min": 1, "max": 30}}, "budget": {"seconds": 1}}"#
    #expect(try patched(#"{"budget": null}"#, definition: grid).budget == Budget(trials: 60))
    let large =
      #"{"parameters": {"iterations": {"type": "integer", "min": 1, "max": 1000000}}, "budget": {"seconds": 1}}"#
    #expect(try faults(#"{"budget": {"seconds": null}}"#, definition: large).map(\.pointer) == ["/budget"])
  }

  @Test func faulty() throws {
    let study = #"{"budget": {"trials": 50}}"#
    let cases: [(String, [String], String)] = [
      ("[]", [""], "object"),
      (#"{"seed": 3}"#, ["/seed"], "cannot change"),
      (#"{"priority": 3}"#, ["/priority"], "not supported yet"),
      (#"{"paralelism": 3}"#, ["/paralelism"], "\"parallelism\""),
      (#"{"budget": {"trials": 19}}"#, ["/budget/trials"], "numbered up to 20"),
      (#"{"budget": -1, "parallelism": 0}"#, ["/budget", "/parallelism"], "object"),
      (#"{"budget": {"trails": 60, "cost": 1}}"#, ["/budget/trails", "/budget/cost"], "\"trials\""),
      (#"{"labels": {"a": 1}, "notes": 3, "max_running": 0}"#, ["/labels/a", "/notes", "/max_running"], "string"),
      (#"{"budget": null}"#, ["/budget"], "would be 2"),
      (#"{"budget": {"trial_seconds": -1}}"#, ["/budget/trial_seconds"], "above 0"),
    ]
    for (patch, pointers, word) in cases {
      let found = try faults(patch, definition: study)
      #expect(found.map(\.pointer) == pointers, "\(patch)")
      #expect(found.first?.detail.contains(word) == true, "\(found)")
    }
    #expect(try faults(#"{"budget": {"trials": 20}}"#, definition: study).isEmpty)
  }
}
