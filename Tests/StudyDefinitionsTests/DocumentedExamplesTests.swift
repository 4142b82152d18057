import DataFacts
import Foundation
import JSONText
import StudyDefinitions
import Testing

/// What `docs/study-definition.md` and `examples/` show must be what the validator takes.
@Suite struct DocumentedExamplesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static var context: DefinitionContext {
    var context = ConvolutionalDefinitionTests.context
    let dataset = context.dataset
    // The data sets of the documents differ from the test's in their names alone.
    context.dataset = { name in
      if name == "tried" { return tried }
      let likeness = [
        "synthetic-cats": "cats", "cat-vs-noncat": "cats", "synthetic-digits": "digits", "mnist": "digits",
      ]
      guard var facts = likeness[name].flatMap(dataset) else { return nil }
      facts.name = name
      return facts
    }
    return context
  }

  /// The table of the examples, as far as a definition is held against it.
  private static var tried: DatasetFacts? {
    guard
      let text = try? String(contentsOf: root.appendingPathComponent("examples/tried.csv"), encoding: .utf8),
      let header = text.split(separator: "\n").first, var facts = DefinitionContext.test.dataset("tried")
    else { return nil }
    facts.columns = header.split(separator: ",").map { ResultsColumn(name: String($0)) }
    return facts
  }

  private static func resolve(_ definition: JSONValue) throws -> ResolvedDefinition {
    try DefinitionValidator(context: context).resolve(definition) { "study-test" }
  }

  /// Every block of JSON in the page, in order.
  private static func blocks() throws -> [JSONValue] {
    let page = try String(contentsOf: root.appendingPathComponent("docs/study-definition.md"), encoding: .utf8)
    return try page.components(separatedBy: "```json\n").dropFirst().map { rest in
      try JSONValue(parsing: Array(rest.components(separatedBy: "```")[0].utf8))
    }
  }

  @Test func everyExampleOfThePageIsValid() throws {
    let blocks = try Self.blocks()
    #expect(blocks.count >= 8)
    let first = try #require(blocks.first?.objectValue)
    for block in blocks {
      // A shorter example stands for the members that it shows.
      var definition = first
      for member in try #require(block.objectValue).members { definition[member.name] = member.value }
      #expect(throws: Never.self, "\(block.text)") { try Self.resolve(.object(definition)) }
    }
  }

  @Test func theGridOfTunedLayersHasTheSizeThatThePageTells() throws {
    let block = try #require(try Self.blocks().first { $0["parameters"]?["layers"] != nil })
    var definition = try #require(try Self.blocks().first?.objectValue)
    for member in try #require(block.objectValue).members { definition[member.name] = member.value }
    #expect(try Self.resolve(.object(definition)).budget.trials == 8)
  }

  @Test func everyExampleFileIsValid() throws {
    let folder = Self.root.appendingPathComponent("examples")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
    #expect(files.count >= 7)
    for file in files {
      let definition = try JSONValue(parsing: Array(Data(contentsOf: file)))
      #expect(throws: Never.self, "\(file.lastPathComponent)") { try Self.resolve(definition) }
    }
  }

  @Test func theFaultyStudyOfTheGuideHasTheFaultsThatItTells() throws {
    let guide = try String(contentsOf: Self.root.appendingPathComponent("docs/http-api.md"), encoding: .utf8)
    let block = try #require(guide.components(separatedBy: "```sh 422\n").last?.components(separatedBy: "```").first)
    let parts = block.components(separatedBy: "'")
    try #require(parts.count == 3)
    let body = try JSONValue(parsing: Array(parts[1].utf8))
    do {
      _ = try Self.resolve(body)
      Issue.record("the definition was found valid")
    } catch let error as InvalidDefinition {
      #expect(error.faults.map(\.pointer) == ["/model/units_1", "/parameters/learning_rat"])
      #expect(error.faults.last?.detail.contains("\"learning_rate\"") == true)
    }
  }
}
