import JSONText
import SearchSpace
import StudyDefinitions
import Testing

@Suite struct StoredFormTests {
  /// Through bytes and back, as a store does it.
  private func stored(_ value: JSONValue) throws -> JSONValue { try JSONValue(parsing: Array(value.text.utf8)) }

  @Test func definitionComesBackExactly() throws {
    var definition = ResolvedDefinition.sample
    #expect(try ResolvedDefinition(json: stored(definition.json)) == definition)
    definition.split = .folds(5)
    definition.budget = Budget()
    definition.maxRunning = nil
    definition.notes = nil
    definition.labels = [:]
    #expect(try ResolvedDefinition(json: stored(definition.json)) == definition)
    definition.split = .test
    definition.reuse = false
    definition.budget = Budget(seconds: 0.5)
    #expect(try ResolvedDefinition(json: stored(definition.json)) == definition)
  }

  @Test func damagedDefinitionIsRefused() throws {
    let whole = try #require(ResolvedDefinition.sample.json.objectValue)
    let optional: Set = ["budget", "max_running", "labels", "notes", "reuse"]
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
