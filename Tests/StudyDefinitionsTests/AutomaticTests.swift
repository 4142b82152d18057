import JSONText
import SearchSpace
import Testing

@testable import StudyDefinitions

/// `auto`: decided once, when a definition is resolved.
@Suite struct AutomaticTests {
  private static let large =
    #""parameters": {"learning_rate": {"min": 0.01, "max": 0.1, "values": null, "points": 101}}"#

  @Test func leftOutOrNamed() throws {
    for algorithm in ["null", #"{"name": "auto"}"#] {
      let small = try resolve(body(#"{"algorithm": \#(algorithm)}"#))
      #expect(small.algorithm == "grid" && small.algorithmReason == "It fits." && small.budget == Budget(trials: 2))
      let large = try resolve(body(#"{"algorithm": \#(algorithm), \#(Self.large)}"#))
      #expect(large.algorithm == "approximate_gradient" && large.algorithmVersion == 5)
      #expect(large.algorithmOptions == ["preset": .string("adaptive"), "poll": .string("partial")])
      #expect(large.budget == Budget(trials: 100))
      #expect(large.algorithmReason == "It does not fit 1.")
    }
  }

  @Test func theBudgetDecides() throws {
    func algorithm(_ budget: String) throws -> String {
      try resolve(body(#"{"algorithm": null, "budget": \#(budget), \#(Self.large)}"#)).algorithm
    }
    #expect(try algorithm(#"{"trials": 101}"#) == "grid")
    #expect(try algorithm(#"{"trials": 100}"#) == "approximate_gradient")
    #expect(try algorithm(#"{"seconds": 60}"#) == "approximate_gradient")
  }

  @Test func theResolvedFormSaysWhoChose() throws {
    let definition = try resolve(body(#"{"algorithm": null}"#))
    #expect(
      definition.json["algorithm"]
        == ["name": "grid", "version": 1, "chosen_by": "auto", "reason": "It fits."])
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
    // Its choice, named outright, is the same study.
    #expect(try resolve(body()).canonicalText == definition.canonicalText)
    #expect(try resolve(body()).json["algorithm"] == ["name": "grid", "version": 1])
  }

  @Test func faultsAreThoseOfTheRest() throws {
    let found = try faults(body(#"{"algorithm": {"name": "auto", "eta": 3}, "parameters": null}"#))
    #expect(found.map(\.pointer).sorted() == ["", "/algorithm/eta"])
  }
}
