import JSONText
import SearchSpace
import Testing

@testable import StudyDefinitions

@Suite struct LayerTests {
  private static let tunedLayers = #"""
    {"model": {"kind": "mlp", "activations": ["relu", "tanh", "sigmoid"]}, "parameters": {
      "layers": {"type": "integer", "min": 1, "max": 3},
      "units_1": {"type": "integer", "values": [4, 2]},
      "units_2": {"type": "integer", "values": [3]},
      "units_3": {"type": "integer", "min": 1, "max": 5}}}
    """#

  private func layered(_ changes: String) throws -> ResolvedDefinition {
    var base = try body(#"{"model": {"units_1": null}}"#)
    base = base.merging(try json(Self.tunedLayers)).merging(try json(changes))
    return try resolve(base)
  }

  private func conditions(_ definition: ResolvedDefinition) -> [String: Condition] {
    Dictionary(uniqueKeysWithValues: definition.space.parameters.map { ($0.name, $0.condition) }).compactMapValues {
      $0
    }
  }

  @Test func tunedLayersDecideWhatIsPresent() throws {
    let definition = try layered("{}")
    #expect(conditions(definition) == ["units_2": .from(2), "units_3": .from(3)])
    #expect(definition.space.parameters.filter(\.isStructural).map(\.name) == ["layers"])
    // One layer: 2·2 points (learning rates and units_1); two: ·1; three: ·5 more.
    #expect(definition.space.gridSize == 4 + 4 + 20)
    #expect(definition.budget == Budget(trials: 28))
    #expect(definition.constants["layers"] == nil)
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
  }

  @Test func levelsOfLayersMayHaveGaps() throws {
    let definition = try layered(#"{"parameters": {"layers": {"min": null, "max": null, "values": [3, 2]}}}"#)
    #expect(conditions(definition) == ["units_3": .from(3)])
    #expect(definition.space.gridSize == 4 + 20)
  }

  @Test func settingsHoldWhatTheLayersNeed() throws {
    let definition = try layered("{}")
    let point = Point([
      "layers": .integer(2), "units_1": .integer(4), "units_2": .integer(3), "learning_rate": .real(0.1),
    ])
    let settings = definition.settings(for: point, repeated: ModelFacts.perceptron.repeated)
    let names = settings.keys.filter { $0.hasPrefix("units") || $0.hasPrefix("activation") || $0 == "layers" }
    #expect(names.sorted() == ["activation_1", "activation_2", "layers", "units_1", "units_2"])
    #expect(settings["activation_2"] == .string("tanh"))
    #expect(settings["layers"] == .integer(2))
    #expect(settings["learning_rate"] == .real(0.1))
    #expect(settings["momentum"] == .real(0))
  }

  @Test func oneTunedActivationStandsForAllLayers() throws {
    let definition = try layered(
      #"""
      {"model": {"activations": null},
       "parameters": {"activation": {"type": "categorical", "values": ["relu", "tanh"]}}}
      """#)
    #expect(definition.constants.keys.filter { $0.hasPrefix("activation") }.isEmpty)
    let point = Point(["layers": .integer(2), "activation": .string("tanh")])
    let settings = definition.settings(for: point, repeated: ModelFacts.perceptron.repeated)
    #expect(settings["activation_1"] == .string("tanh"))
    #expect(settings["activation_2"] == .string("tanh"))
    #expect(settings["activation_3"] == nil)
    #expect(settings["activation"] == nil)
  }

  @Test func activationsOfSingleLayersMayBeTuned() throws {
    let definition = try layered(
      #"""
      {"model": {"activations": null, "activation_1": "sigmoid"},
       "parameters": {"activation_3": {"type": "categorical", "values": ["relu", "tanh"]}}}
      """#)
    #expect(definition.constants["activation_1"] == .string("sigmoid"))
    #expect(definition.constants["activation_2"] == .string("relu"), "the default")
    #expect(definition.constants["activation_3"] == nil)
    #expect(conditions(definition)["activation_3"] == .from(3))
  }

  @Test func countComesFromTheFirstSource() throws {
    let changes = [
      (#"{"model": {"units_2": 3}}"#, 2), (#"{"model": {"activations": ["tanh"]}}"#, 1),
      (#"{"model": {"units_1": null, "layers": 0}}"#, 0), (#"{"model": {"units_1": null, "activations": []}}"#, 0),
    ]
    for (changes, count) in changes {
      #expect(try resolve(body(changes)).constants["layers"] == .integer(count), "\(changes)")
    }
  }
}

extension Condition {
  fileprivate static func from(_ layers: Double) -> Condition { Condition("layers", .atLeast(layers)) }
}
