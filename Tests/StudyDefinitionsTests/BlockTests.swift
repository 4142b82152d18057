import JSONText
import SearchSpace
import StudyDefinitions
import Testing

/// A model with two kinds of blocks, neither of which is called a layer.
@Suite struct BlockTests {
  private static let context: DefinitionContext = {
    func integer(_ name: String, _ range: ClosedRange<Int>, isStructural: Bool = false) -> ParameterDescription {
      ParameterDescription(
        name: name, kind: .integer(minimum: range.lowerBound, maximum: range.upperBound), defaultValue: nil, help: "",
        isStructural: isStructural)
    }
    let model = ModelFacts(
      kind: "cnn", summary: "",
      parameters: [integer("stages", 1...3, isStructural: true), integer("steps", 0...2, isStructural: true)]
        + (1...3).map { integer("filters_\($0)", 1...99) } + (1...2).map { integer("width_\($0)", 1...99) }
        + [
          ParameterDescription(
            name: "pool", kind: .categorical(["max", "mean"]), defaultValue: .string("max"), help: "")
        ],
      repeated: [
        RepeatedSettings(
          count: "stages", block: "stage", settings: [.init(stem: "filters"), .init(stem: "pool", list: "pools")]),
        RepeatedSettings(count: "steps", block: "step", settings: [.init(stem: "width")]),
      ],
      memory: { _, _, _ in 0 }, operations: { _, _, _, _ in 1 })
    var context = DefinitionContext.test
    context.models = [model]
    return context
  }()

  private func resolved(_ model: String, _ parameters: String) throws -> ResolvedDefinition {
    let body = try json(
      #"{"dataset": "cats", "algorithm": {"name": "grid"}, "model": {"kind": "cnn", \#(model)}, "parameters": \#(parameters)}"#
    )
    return try DefinitionValidator(context: Self.context).resolve(body) { "s" }
  }

  @Test func bothKindsAreCounted() throws {
    let definition = try resolved(
      #""filters_1": 8, "filters_2": 16, "steps": 1, "pool_2": "mean""#,
      #"{"width_1": {"type": "integer", "values": [4, 8]}}"#)
    #expect(
      definition.constants == [
        "stages": .integer(2), "steps": .integer(1), "filters_1": .integer(8), "filters_2": .integer(16),
        "pool_1": .string("max"), "pool_2": .string("mean"),
      ])
  }

  @Test func bothMayBeTuned() throws {
    let definition = try resolved(
      #""filters_1": 8, "filters_2": 16, "filters_3": 32, "width_1": 5, "pools": ["max", "mean", "max"]"#,
      #"""
      {"stages": {"type": "integer", "min": 1, "max": 3}, "steps": {"type": "integer", "values": [0, 1, 2]},
       "width_2": {"type": "integer", "values": [4, 8]}}
      """#)
    #expect(definition.space.gridSize == 3 * (1 + 1 + 2))
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
    let point = Point(["stages": .integer(2), "steps": .integer(1)])
    #expect(
      Set(definition.settings(for: point, repeated: Self.context.models[0].repeated).keys)
        == ["stages", "steps", "filters_1", "filters_2", "pool_1", "pool_2", "width_1"])
  }

  @Test func faultsNameTheBlocks() {
    func details(_ model: String) -> [String] {
      do {
        _ = try resolved(model, #"{"filters_1": {"type": "integer", "values": [4, 8]}}"#)
        return []
      } catch let error as InvalidDefinition {
        return error.faults.map(\.detail)
      } catch {
        return ["\(error)"]
      }
    }
    #expect(details(#""stages": 1"#) == ["The number of steps is missing; give steps or width_1 and its like."])
    #expect(
      details(#""stages": 2, "steps": 0"#) == ["filters_2 is missing: stage 2 needs it, here or in parameters."])
    #expect(
      details(#""steps": 0, "stages": 1, "filters_3": 4"#)
        == ["filters_3 is for stage 3, but the model has only 1 stage."])
    #expect(
      details(#""steps": 0, "pools": ["max", "max"], "stages": 1"#)
        == ["pools is a list of 2, but stages says 1 stage; it must have one for each."])
    #expect(
      details(#""steps": 0, "pools": ["max", "max", "max", "max"]"#)
        == ["pools is a list of 4, but there can be at most 3 stages."])
  }
}
