import JSONText
import SearchSpace
import Testing

@testable import StudyDefinitions

@Suite struct StoredFormTests {
  /// Through bytes and back, as a store does it.
  private func stored(_ value: JSONValue) throws -> JSONValue { try JSONValue(parsing: Array(value.text.utf8)) }

  @Test func definitionComesBackExactly() throws {
    var definition = ResolvedDefinition.sample
    #expect(try ResolvedDefinition(json: stored(definition.json)) == definition)
    definition.training?.split = .folds(5)
    definition.budget = Budget()
    definition.maxRunning = nil
    definition.notes = nil
    definition.labels = [:]
    #expect(try ResolvedDefinition(json: stored(definition.json)) == definition)
    definition.training?.split = .test
    definition.reuse = false
    definition.budget = Budget(seconds: 0.5)
    #expect(try ResolvedDefinition(json: stored(definition.json)) == definition)
  }

  /// What databases and answers hold of a tuned number of layers, byte for byte; it is read for good.
  @Test func conditionsOnLayersKeepTheirForm() throws {
    let text =
      #"{"layers":{"type":"integer","min":1,"max":3,"scale":"linear"},"#
      + #""units_2":{"type":"integer","values":[3,5],"present_from_layers":2}}"#
    let space = ParameterSpace([
      Parameter(
        name: "layers", domain: .integerRange(minimum: 1, maximum: 3, scale: .linear), isStructural: true),
      Parameter(
        name: "units_2", domain: .levels([.integer(3), .integer(5)]), condition: Condition("layers", .atLeast(2))),
    ])
    #expect(space.json.text == text)
    #expect(try ParameterSpace(json: json(text)) == space)
  }

  @Test func otherConditionsComeBackExactly() throws {
    let flags: Parameter.Domain = .categories([.boolean(true), .boolean(false)])
    let space = ParameterSpace([
      Parameter(name: "layers", domain: flags), Parameter(name: "depth", domain: flags, isStructural: true),
      Parameter(name: "a", domain: flags, condition: Condition("depth", .oneOf([.string("x"), .boolean(true)]))),
      Parameter(name: "b", domain: flags, condition: Condition("a", .atLeast(0.5))),
      Parameter(name: "c", domain: flags, condition: Condition("layers", .atMost(-2))),
    ])
    #expect(try ParameterSpace(json: stored(space.json)) == space)
    #expect(throws: StoredFormError.self) {
      try ParameterSpace(json: json(#"{"a": {"type": "categorical", "values": [1], "when": {"parameter": "b"}}}"#))
    }
  }

  @Test func damagedDefinitionIsRefused() throws {
    let whole = try #require(ResolvedDefinition.sample.json.objectValue)
    let optional: Set = ["budget", "max_running", "labels", "notes", "reuse", "retries", "failure_limit"]
    for member in whole.members where !optional.contains(member.name) {
      var damaged = whole
      damaged[member.name] = nil
      #expect(throws: StoredFormError.self) { try ResolvedDefinition(json: .object(damaged)) }
    }
  }

  @Test func pointComesBackExactly() throws {
    let space = ParameterSpace([
      Parameter(name: "a", domain: .levels([.real(1), .real(5)])),
      Parameter(name: "b", domain: .levels([.integer(1), .integer(5)])),
      Parameter(name: "c", domain: .realRange(minimum: 0, maximum: 9, scale: .linear)),
      Parameter(name: "d", domain: .categories([.string("x"), .boolean(true), .integer(3)])),
      Parameter(name: "e", domain: .categories([.real(1), .real(0.5)])),
    ])
    let point = Point(["e": .real(1), "a": .real(5), "b": .integer(5), "c": .real(2), "d": .boolean(true)])
    #expect(point.key == #"{"a":5,"b":5,"c":2,"d":true,"e":1}"#)
    #expect(try Point(json: stored(point.json), space: space) == point)
    #expect(throws: StoredFormError.self) { try Point(json: ["z": 1], space: space) }
    #expect(throws: StoredFormError.self) { try Point(json: ["a": [1]]) }
    #expect(throws: StoredFormError.self) { try Point(json: 3) }
  }

  @Test func membersAreInOrderOfParameters() {
    #expect(Point(["b": .integer(1), "B": .integer(2), "a_1": .integer(3)]).json.text == #"{"B":2,"a_1":3,"b":1}"#)
  }
}
