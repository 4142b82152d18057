import ExactText
import JSONText
import SearchSpace
import Testing

@testable import StudyDefinitions

/// Texts of a definition that differ in Unicode normal form alone are two.
@Suite struct ExactTextsTests {
  static let (one, other) = ("caf\u{E9}", "cafe\u{301}")

  private func patched(_ patch: String, of changes: String) throws -> StudyPatch {
    let definition = try resolve(body(changes))
    return try DefinitionValidator(context: .test).edit(
      patch: try json(patch), budget: definition.budget, parallelism: definition.parallelism,
      maxRunning: definition.maxRunning, labels: definition.labels, notes: definition.notes, highestNumber: 0,
      resolved: definition)
  }

  @Test func definitionsWithOtherTextsAreOthers() throws {
    for (first, second) in [
      (#"{"notes": "\#(Self.one)"}"#, #"{"notes": "\#(Self.other)"}"#),
      (#"{"labels": {"a": "\#(Self.one)"}}"#, #"{"labels": {"a": "\#(Self.other)"}}"#),
      (#"{"labels": {"\#(Self.one)": "a"}}"#, #"{"labels": {"\#(Self.other)": "a"}}"#),
    ] {
      let (first, second) = (try resolve(body(first)), try resolve(body(second)))
      #expect(first != second)
      #expect(first.sameText != second.sameText)
      #expect(try ResolvedDefinition(json: json(first.json.text)) == first)
    }
  }

  @Test func bothMayBeLabels() throws {
    let labels = try resolve(body(#"{"labels": {"\#(Self.one)": "1", "\#(Self.other)": "2"}}"#)).labels
    #expect(labels == [ExactText(Self.one): "1", ExactText(Self.other): "2"])
    let patch = try patched(#"{"labels": {"\#(Self.other)": "3"}}"#, of: #"{"labels": {"\#(Self.one)": "1"}}"#)
    #expect(patch.labels == [ExactText(Self.one): "1", ExactText(Self.other): "3"])
  }

  @Test func aPatchToTheOtherFormChangesSomething() throws {
    let notes = try patched(#"{"notes": "\#(Self.other)"}"#, of: #"{"notes": "\#(Self.one)"}"#)
    #expect(notes.changesAnything)
    #expect(notes.notes == ExactText(Self.other))
    let label = try patched(#"{"labels": {"a": "\#(Self.other)"}}"#, of: #"{"labels": {"a": "\#(Self.one)"}}"#)
    #expect(label.changesAnything)
    #expect(label.labels == ["a": ExactText(Self.other)])
    #expect(try !patched(#"{"notes": "\#(Self.one)"}"#, of: #"{"notes": "\#(Self.one)"}"#).changesAnything)
  }

  @Test func categoriesAreTwoLevels() {
    let (one, other) = (ParameterValue.string(Self.one), ParameterValue.string(Self.other))
    #expect(one != other)
    #expect(Set([one, other]).count == 2)
    #expect(Parameter.Domain.categories([one, other]).index(of: other) == 1)
    #expect(Point(["a": one]) != Point(["a": other]))
  }

  @Test func faultsKeepTheirPlaces() throws {
    // The order is that of the body, though both pointers are one text in Swift's own comparison.
    let found = faults(try body(#"{"labels": {"\#(Self.other)": 1, "b": 2, "\#(Self.one)": 3}}"#))
    #expect(
      found.map { Array($0.pointer.utf8) }
        == ["/labels/\(Self.other)", "/labels/b", "/labels/\(Self.one)"].map {
          Array($0.utf8)
        })
  }

  @Test func sizesAreInBytes() throws {
    let most = String(repeating: "\u{E9}", count: 32_768)
    #expect(try resolve(body(#"{"notes": "\#(most)"}"#)).notes == ExactText(most))
    #expect(faults(try body(#"{"notes": "\#(most)x"}"#)).map(\.pointer) == ["/notes"])
    #expect(throws: InvalidDefinition.self) { try patched(#"{"notes": "\#(most)x"}"#, of: "{}") }
  }

  /// What an older version took hinders no later patch.
  @Test func whatIsStoredStays() throws {
    let definition = try resolve(body())
    let notes = ExactText(String(repeating: "x", count: 70_000))
    func patched(_ patch: String) throws -> StudyPatch {
      try DefinitionValidator(context: .test).edit(
        patch: try json(patch), budget: definition.budget, parallelism: definition.parallelism, maxRunning: nil,
        labels: ["a:b": "c"], notes: notes, highestNumber: 0, resolved: definition)
    }
    let later = try patched(#"{"labels": {"d": "e"}, "max_running": 2}"#)
    #expect(later.labels == ["a:b": "c", "d": "e"] && later.notes == notes)
    #expect(try patched(#"{"labels": {"a:b": null}, "notes": "short"}"#).labels == [:])
    #expect(throws: InvalidDefinition.self) { try patched(#"{"labels": {"f:g": "h"}}"#) }
  }

  @Test func aLabelsNameHasNoColon() throws {
    #expect(faults(try body(#"{"labels": {"a:b": "c"}}"#)).map(\.pointer) == ["/labels/a:b"])
    #expect(faults(try body(#"{"labels": {"a:\u0301b": "c"}}"#)).count == 1)
    #expect(faults(try body(#"{"labels": {"a": "b:c"}}"#)).isEmpty)
  }
}

extension ResolvedDefinition {
  /// The bytes that two same definitions share.
  fileprivate var sameText: [UInt8] { Array(canonicalText.utf8) }
}
