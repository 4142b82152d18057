import Foundation
import JSONText
import SearchSpace
import Testing

@testable import StudyDefinitions

@Suite struct ResolveTests {
  /// The contract's own example, on this test's data set.
  static let example = """
    {
      "name": "cats-5d", "dataset": "cats",
      "model": {"kind": "mlp", "activations": ["relu", "relu", "sigmoid"]},
      "parameters": {
        "iterations":    {"type": "integer", "values": [100, 300, 400, 500, 700]},
        "learning_rate": {"type": "real",    "values": [0.0034, 0.0045, 0.0075, 0.0077, 0.0078]},
        "units_1":       {"type": "integer", "values": [10, 15, 20, 25, 30]},
        "units_2":       {"type": "integer", "values": [3, 5, 7, 9, 10]},
        "units_3":       {"type": "integer", "min": 2, "max": 6}
      },
      "algorithm": {"name": "approximate_gradient", "restarts": 8},
      "objective": {"metric": "validation_accuracy", "goal": "maximize"},
      "validation": {"split": "test"}, "budget": {"trials": 200}, "seed": 7
    }
    """

  /// A form of an algorithm keeps the version and the options that it had before there were others.
  @Test func aFormKeepsItsVersion() throws {
    let text = Self.example.replacingOccurrences(of: #""restarts": 8"#, with: #""preset": "paper""#)
    let definition = try resolve(json(text))
    #expect(definition.algorithmVersion == 1)
    #expect(definition.algorithmOptions == ["preset": .string("paper")])
  }

  @Test func contractsExample() throws {
    let definition = try resolve(json(Self.example))
    #expect(definition.name == "cats-5d")
    #expect(definition.datasetSHA256 == String(repeating: "0f", count: 32))
    #expect(
      definition.constants == [
        "layers": .integer(3), "activation_1": .string("relu"), "activation_2": .string("relu"),
        "activation_3": .string("sigmoid"), "dropout": .real(0), "momentum": .real(0), "weight_decay": .real(0),
        "batch_size": .integer(0), "optimizer": .string("gradient_descent"), "initialization": .string("lecun"),
        "precision": .string("float32"),
      ])
    #expect(
      definition.space.parameters.map(\.name) == ["iterations", "learning_rate", "units_1", "units_2", "units_3"])
    #expect(definition.space.parameters[4].domain == .integerRange(minimum: 2, maximum: 6, scale: .linear))
    #expect(definition.algorithmVersion == 5)
    #expect(
      definition.algorithmOptions == [
        "preset": .string("adaptive"), "poll": .string("partial"), "restarts": .integer(8),
      ])
    #expect(definition.goal == .maximize)
    #expect(definition.split == .test)
    #expect(definition.budget == Budget(trials: 200))
    #expect((definition.seed, definition.trainingSeed) == (7, 0))
    #expect(definition.parallelism == 1)
    #expect(definition.numerics == 3)
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
  }

  @Test func defaults() throws {
    let definition = try resolve(body(#"{"name": null, "objective": {"metric": "validation_loss"}}"#))
    #expect(definition.name == "study-00000000")
    #expect(definition.goal == .minimize)
    #expect(definition.budget == Budget(trials: 2), "the grid's size")
    #expect(definition.repeats == 1)
    #expect(try resolve(body(#"{"algorithm": {"name": "random"}}"#)).budget == Budget(trials: 100))
    #expect(try resolve(body(#"{"budget": {"seconds": 5}}"#)).budget == Budget(seconds: 5))
    #expect(try resolve(body(#"{"dataset": "rare"}"#)).split == .holdout(0.2, test: nil))
    #expect(try resolve(body(#"{"objective": {"goal": "minimize"}}"#)).goal == .minimize)
    #expect(try resolve(body(#"{"labels": {"a": "b"}, "notes": "c"}"#)).labels == ["a": "b"])
    #expect(
      try resolve(body(#"{"validation": {"split": {"folds": 5}, "repeats": 3}}"#)).split == .folds(5))
  }

  @Test func sameDefinitions() throws {
    let one = try resolve(body()).canonicalText
    let same = [
      #"{"parameters": {"learning_rate": {"values": [0.01, 0.1]}}}"#,
      #"{"parameters": {"learning_rate": {"values": [1e-2, 1.0e-1]}}}"#,
      #"{"model": {"units_1": 5.0}}"#, #"{"model": {"units_1": 5e0, "layers": 1}}"#,
      #"{"model": {"activations": "relu"}}"#, #"{"model": {"activations": ["relu"]}}"#,
      #"{"model": {"activation_1": "relu", "dropout": 0.0, "batch_size": 0}}"#,
      #"{"seed": 0, "training_seed": -0.0, "parallelism": 1, "labels": {}, "notes": null}"#,
      #"{"objective": {"metric": "validation_accuracy", "goal": "maximize"}, "validation": {"split": {"holdout": 0.2}}}"#,
      #"{"budget": {"trials": 2}}"#, #"{"name": null}"#,
      #"{"parameters": {"learning_rate": {"values": null, "min": 0.01, "max": 0.1, "points": 2}}}"#,
    ]
    for changes in same { #expect(try resolve(body(changes)).canonicalText == one, "\(changes)") }
    let other = [
      #"{"seed": 1}"#, #"{"training_seed": 1}"#, #"{"model": {"units_1": 6}}"#, #"{"budget": {"trials": 1}}"#,
      #"{"parameters": {"learning_rate": {"values": [0.01, 0.2]}}}"#, #"{"labels": {"a": "b"}}"#,
      #"{"algorithm": {"name": "random"}}"#, #"{"parallelism": 5}"#, #"{"notes": ""}"#, #"{"dataset": "rare"}"#,
      #"{"model": {"dropout": 0.5}}"#, #"{"validation": {"repeats": 2}}"#, #"{"max_running": 4}"#,
    ]
    for changes in other { #expect(try resolve(body(changes)).canonicalText != one, "\(changes)") }
  }

  @Test func categoriesStandAsGiven() throws {
    let definition = try resolve(
      body(
        """
        {"parameters": {"optimizer": {"type": "categorical", "values": ["gradient_descent", "adam"]},
                        "batch_size": {"type": "categorical", "values": [64, 0, 32]},
                        "dropout": {"type": "categorical", "values": [0.5, 0]}}}
        """))
    let domains = Dictionary(uniqueKeysWithValues: definition.space.parameters.map { ($0.name, $0.domain) })
    #expect(domains["optimizer"] == .categories([.string("gradient_descent"), .string("adam")]))
    #expect(domains["batch_size"] == .categories([.integer(64), .integer(0), .integer(32)]))
    #expect(domains["dropout"] == .categories([.real(0.5), .real(0)]))
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
  }

  /// 64 parameters of 10,000 levels: sizes saturate.
  @Test func gridSizesSaturate() {
    let levels = Parameter.Domain.integerRange(minimum: 1, maximum: 10_000, scale: .linear)
    let space = ParameterSpace((0..<64).map { Parameter(name: "p\($0)", domain: levels) })
    #expect(space.gridSize == Int.max)
    let real = Parameter(name: "r", domain: .realRange(minimum: 0, maximum: 1, scale: .linear))
    #expect(ParameterSpace([real]).gridSize == nil)
  }
}
