import DataFacts
import JSONText
import ModelTraining
import SearchSpace
import StudyDefinitions
import Testing

/// Definitions over the convolutional network, whose activations are counted through convolutions and hidden layers.
@Suite struct ConvolutionalDefinitionTests {
  static let context: DefinitionContext = {
    var context = DefinitionContext.test
    context.models = ModelCatalogue.all.map { model in
      ModelFacts(
        kind: model.kind, summary: model.summary, parameters: model.parameters, repeated: model.repeated,
        progressSetting: model.progressSetting,
        memory: { settings, data, _ in
          model.memory(settings: settings, data: Self.shape(data), split: .holdout(0.2, test: nil))
        },
        operations: { settings, data, _, repeats in
          model.operations(
            settings: settings, data: Self.shape(data), split: .holdout(0.2, test: nil), repeats: repeats)
        },
        refusal: { model.refusal(of: Self.shape($0)) },
        infeasibility: { model.infeasibility($0, data: Self.shape($1)) })
    }
    let dataset = context.dataset
    context.dataset = { name in
      guard ["digits", "flat"].contains(name), var facts = dataset("cats") else { return dataset(name) }
      facts.name = name
      facts.shape = name == "flat" ? [784] : [28, 28]
      facts.classes = (0..<10).map(String.init)
      return facts
    }
    return context
  }()

  private static func shape(_ facts: DatasetFacts) -> DataShape {
    DataShape(
      examples: facts.examples, secondPartExamples: facts.secondPartExamples, shape: facts.shape,
      classes: facts.classes.count)
  }

  private static let rates = #"{"learning_rate": {"type": "real", "values": [0.1, 0.2]}}"#

  private func resolved(
    _ model: String = "", _ parameters: String = rates, dataset: String = "digits"
  ) throws -> ResolvedDefinition {
    let body = try json(
      #"{"dataset": "\#(dataset)", "algorithm": {"name": "grid"}, "model": {"kind": "cnn"\#(model)}, "parameters": \#(parameters)}"#
    )
    return try DefinitionValidator(context: Self.context).resolve(body) { "s" }
  }

  private func details(_ model: String = "", _ parameters: String = rates, dataset: String = "digits") -> [String] {
    do {
      _ = try resolved(model, parameters, dataset: dataset)
      return []
    } catch let error as InvalidDefinition { return error.faults.map { "\($0.pointer) \($0.detail)" } } catch {
      return ["\(error)"]
    }
  }

  private func settings(_ definition: ResolvedDefinition, _ point: [String: ParameterValue]) -> [String: ParameterValue]
  {
    let model = Self.context.models.first { $0.kind == "cnn" }
    return definition.settings(for: Point(point), repeated: model?.repeated ?? [])
  }

  @Test func theDefaultsAreLeNets() throws {
    let constants = try resolved().constants
    let expected: [String: ParameterValue] = [
      "convolutions": .integer(2), "filters_1": .integer(6), "filters_2": .integer(16), "kernel_1": .integer(5),
      "kernel_2": .integer(5), "stride_1": .integer(1), "stride_2": .integer(1), "pool_1": .integer(2),
      "pool_2": .integer(2), "padding": .string("valid"), "pooling": .string("average"), "layers": .integer(2),
      "units_1": .integer(120), "units_2": .integer(84), "activation_1": .string("relu"),
      "activation_2": .string("relu"), "activation_3": .string("relu"), "activation_4": .string("relu"),
    ]
    for (name, value) in expected { #expect(constants[name] == value, "\(name)") }
    #expect(constants["filters_3"] == nil && constants["units_3"] == nil && constants["activation_5"] == nil)
  }

  @Test func convolutionsAreCountedByTheirNames() throws {
    #expect(try resolved(#", "filters_3": 32, "kernel_3": 2"#).constants["convolutions"] == .integer(3))
    #expect(try resolved(#", "convolutions": 1"#).constants["filters_2"] == nil)
    #expect(try resolved(#", "kernel_1": 3"#).constants["convolutions"] == .integer(2))
    #expect(try resolved(#", "convolutions": 1, "kernel_1": 3"#).constants["convolutions"] == .integer(1))
    #expect(
      try resolved(#", "activations": ["tanh", "relu", "relu", "sigmoid"]"#).constants["activation_4"]
        == .string("sigmoid"))
    #expect(
      details(#", "convolutions": 1, "filters_2": 3"#) == [
        "/model/filters_2 filters_2 is for convolution 2, but the model has only 1 convolution."
      ])
    #expect(
      details(#", "units_3": 3"#) == [
        "/model/units_3 units_3 is for hidden layer 3, but the model has only 2 hidden layers."
      ])
    #expect(details(#", "activation_5": "relu""#).count == 1)
    #expect(
      details(#", "activations": ["relu", "relu"]"#) == [
        "/model/activations activations is a list of 2, but convolutions and layers together say 4; it must have one for each."
      ])
    #expect(
      details(
        #", "filters_3": 32, "filters_4": 32, "layers": 8, "activations": ["relu", "relu", "relu", "relu", "relu", "relu", "relu", "relu", "relu", "relu", "relu", "relu", "relu"]"#
      ).contains { $0.contains("at most 12 convolutions and hidden layers") })
    #expect(details(#", "convolutions": 3"#).contains { $0.hasPrefix("/model filters_3 is missing") })
  }

  /// With tuned counts the list has one for each of their maxima; a point has those of the blocks that it has.
  @Test func activationsAreCountedThrough() throws {
    let definition = try resolved(
      #", "activations": ["tanh", "relu", "sigmoid", "tanh"]"#,
      #"{"convolutions": {"type": "integer", "min": 1, "max": 2}, "layers": {"type": "integer", "values": [1, 2]}}"#)
    #expect(definition.space.gridSize == 4)
    let point: [String: ParameterValue] = ["convolutions": .integer(1), "layers": .integer(1)]
    let small = settings(definition, point).filter { $0.key.hasPrefix("activation") }
    #expect(small == ["activation_1": .string("tanh"), "activation_2": .string("sigmoid")])
    let large = settings(definition, ["convolutions": .integer(2), "layers": .integer(2)])
    #expect(large["activation_4"] == .string("tanh") && large["activation_2"] == .string("relu"))
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
  }

  @Test func oneActivationOfManyMayBeTuned() throws {
    let definition = try resolved(
      "",
      #"""
      {"convolutions": {"type": "integer", "min": 1, "max": 2},
       "activation_2": {"type": "categorical", "values": ["relu", "tanh"]},
       "activation_3": {"type": "categorical", "values": ["relu", "tanh"]}}
      """#)
    // activation_2 is there with two convolutions alone, activation_3 is the first hidden layer's.
    #expect(definition.space.gridSize == 2 + 4)
    let small = settings(definition, ["convolutions": .integer(1), "activation_3": .string("tanh")])
    #expect(small["activation_1"] == .string("relu") && small["activation_2"] == .string("tanh"))
    #expect(small["activation_3"] == .string("relu") && small["activation_4"] == nil)
  }

  @Test func oneActivationForAllMayBeTuned() throws {
    let definition = try resolved(
      "",
      #"{"activation": {"type": "categorical", "values": ["relu", "tanh"]}, "layers": {"type": "integer", "min": 1, "max": 2}}"#
    )
    let found = settings(definition, ["activation": .string("tanh"), "layers": .integer(1)])
    #expect(
      found.filter { $0.key.hasPrefix("activation") }
        == ["activation_1": .string("tanh"), "activation_2": .string("tanh"), "activation_3": .string("tanh")])
  }

  @Test func whatCannotBeTrainedIsAFault() throws {
    let flat = details(dataset: "flat")
    #expect(flat.count == 1 && flat[0].hasPrefix("/dataset flat cannot be used with this model: a cnn needs pictures"))
    let small = details(
      #", "padding": "valid", "kernel_2": 15"#, #"{"kernel_1": {"type": "integer", "values": [15, 13]}}"#)
    #expect(
      small == [
        "/parameters No point of these parameters can be trained: convolution 2: its kernel of 15 × 15 does not fit into its input, which is 8 × 8."
      ])
    #expect(details(#", "kernel_2": 7"#, #"{"kernel_1": {"type": "integer", "min": 3, "max": 15}}"#).isEmpty)
    #expect(details(#", "kernel_1": 16"#).first?.contains("from 1 to 15") == true)
    #expect(details("", #"{"filters_1": {"type": "integer", "min": 1, "max": 65}}"#).count == 1)
  }

  @Test func memoryIsBounded() throws {
    var context = Self.context
    context.trialMemory = 2e6
    let body = try json(#"{"dataset": "digits", "model": {"kind": "cnn"}, "parameters": \#(Self.rates)}"#)
    #expect(throws: InvalidDefinition.self) { try DefinitionValidator(context: context).resolve(body) { "s" } }
    context.trialMemory = 1e8
    #expect(throws: Never.self) { try DefinitionValidator(context: context).resolve(body) { "s" } }
  }
}
