import JSONText
import SearchSpace
import StudyDefinitions
import Testing

/// The bodies of comparisons.
@Suite struct ComparisonDefinitionTests {
  /// A valid comparison, with members replaced, added, or (by null) taken away.
  private func posted(_ changes: String = "{}") throws -> JSONValue {
    let base = try body(
      """
      {"name": "c", "algorithm": null, "algorithms": [{"name": "random"}, {"name": "grid", "label": "all_of_it"}],
       "seeds": 3, "budget": {"trials": 2}}
      """)
    return base.merging(try json(changes))
  }

  private func resolved(_ body: JSONValue) throws -> ResolvedComparison {
    try DefinitionValidator(context: .test).resolve(comparison: body) { "comparison-00000000" }
  }

  private func comparisonFaults(_ changes: String) throws -> [String] {
    do {
      _ = try resolved(try posted(changes))
      return []
    } catch let error as InvalidDefinition { return error.faults.map { "\($0.pointer): \($0.detail)" } }
  }

  @Test func everyAlgorithmHasEverySeed() throws {
    let body = try posted(#"{"labels": {"a": "b"}, "seeds": [5, -2]}"#)
    let found = try resolved(body)
    #expect(found.name == "c" && found.seeds == [5, -2] && found.count == 4)
    #expect(found.entries.map(\.name) == ["random", "all_of_it"])
    #expect((0..<4).map { found.studyName($0) } == ["c-random-5", "c-random-m2", "c-all-of-it-5", "c-all-of-it-m2"])
    for study in 0..<4 {
      // What each study would be if it were posted by itself.
      let own = found.body(study, of: body)
      #expect(own["algorithms"] == nil && own["seeds"] == nil && own["algorithm"]?["label"] == nil)
      #expect(try resolve(own) == found.definition(study))
      #expect(found.definition(study).labels == ["a": "b", "comparison": "c"])
    }
    #expect(try ResolvedComparison(json: json(found.json.text)) == found)
    #expect(try resolved(try posted()).seeds == [0, 1, 2])
    #expect(try resolved(try posted(#"{"name": null}"#)).studyName(0) == "comparison-00000000-random-0")
  }

  @Test func longNamesAreCut() throws {
    let name = String(repeating: "n", count: 60)
    let found = try resolved(try posted(#"{"name": "\#(name)", "seeds": 11}"#))
    let names = (0..<found.count).map { found.studyName($0) }
    #expect(names.allSatisfy { $0.utf8.count == 64 && DefinitionValidator.isName($0) } && Set(names).count == 22)
    #expect(names[0] == name + "-1-0" && names[21] == String(name.dropLast()) + "-2-10")
  }

  @Test func whatIsWrongIsToldAtOnce() throws {
    let found = try comparisonFaults(
      """
      {"name": "A b", "algorithm": {"name": "grid"}, "seed": 4, "paramters": {}, "dataset": "toi",
       "algorithms": [{"name": "randm"}, {"name": "approximate_gradient", "poll": "x", "lable": "y"}, 5],
       "seeds": [1, "2", 1], "budget": {"trials": null, "seconds": 1}, "labels": {"comparison": "d"}}
      """)
    for (pointer, words) in [
      ("/name", "1 to 64 characters"), ("/algorithm", "the nearest known one is \"algorithms\""),
      ("/seed", "the nearest known one is \"seeds\""), ("/paramters", "the nearest known one is \"parameters\""),
      ("/dataset", "Unknown data set \"toi\""), ("/algorithms/0/name", "the nearest known one is \"random\""),
      ("/algorithms/1/poll", "poll"), ("/algorithms/1/lable", "the nearest known one is \"label\""),
      ("/algorithms/2", "algorithm must be a JSON object"), ("/seeds/1", "A seed"),
      ("/seeds/2", "Seed 1 is in the list twice (places 1 and 3)."), ("/budget", "budget.trials is missing"),
      ("/labels/comparison", "leave it out"),
    ] {
      #expect(found.count { $0.hasPrefix(pointer + ": ") && $0.contains(words) } == 1, "\(pointer) in \(found)")
    }
    #expect(found.count == 13, "\(found)")
  }

  @Test func boundsAndNames() throws {
    for (changes, pointer, words) in [
      (#"{"algorithms": null}"#, "", "algorithms is missing"), (#"{"algorithms": []}"#, "/algorithms", "is empty"),
      (#"{"algorithms": {"name": "tpe"}}"#, "/algorithms", "must be a list"),
      (#"{"seeds": null}"#, "", "seeds is missing"),
      (#"{"seeds": 0}"#, "/seeds", "1"), (#"{"seeds": []}"#, "/seeds", "seeds must have 1 to 1000 seeds, but has 0."),
      (#"{"budget": null}"#, "", "budget.trials is missing"),
      (#"{"name": "adhoc"}"#, "/name", "cannot be called adhoc"), (#"{"seeds": 501}"#, "/seeds", "is 1002 studies"),
      (#"{"seeds": 500, "budget": {"trials": 1001}}"#, "/budget/trials", "1000 trials each are allowed"),
      (
        #"{"algorithms": [{"name": "tpe"}, {"name": "grid", "label": "tpe"}]}"#, "/algorithms/1/label",
        "Algorithms 1 and 2 of the list are both called tpe"
      ),
      (#"{"algorithms": [{"name": "tpe"}, {"name": "tpe"}]}"#, "/algorithms/1", "give one of them another label"),
      (#"{"algorithms": [{"name": "tpe", "label": "T"}]}"#, "/algorithms/0/label", "a-z, 0-9, - and _"),
      (
        #"{"algorithms": [{"name": "tpe", "label": "a-b"}, {"name": "grid", "label": "a_b"}]}"#, "/algorithms/1",
        "would both have a study named c-a-b-0"
      ),
      (#"{"initial_points": [{"learning_rate": 7}]}"#, "/initial_points/0/learning_rate", "7"),
    ] {
      let found = try comparisonFaults(changes)
      #expect(
        found.count == 1 && found[0].hasPrefix(pointer + ": ") && found[0].contains(words), "\(changes): \(found)")
    }
    let many = (0...50).map { #"{"name": "tpe", "label": "t\#($0)"}"# }.joined(separator: ",")
    #expect(try comparisonFaults(#"{"algorithms": [\#(many)]}"#).first?.contains("at most 50 algorithms") == true)
    let notes = String(repeating: "n", count: 60_000)
    #expect(
      try comparisonFaults(#"{"notes": "\#(notes)", "seeds": 500}"#).first?.contains("MiB; give fewer seeds") == true)
    #expect(try comparisonFaults(#"{"notes": "\#(notes)"}"#).isEmpty)
    #expect(faults(["algorithms": []]).contains { $0.pointer == "/algorithms" })
  }
}
