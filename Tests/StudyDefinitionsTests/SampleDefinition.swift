import SearchSpace
import StudyDefinitions

extension ResolvedDefinition {
  /// A definition with something of everything; `layers` is tuned from 1 to 3.
  static var sample: ResolvedDefinition {
    ResolvedDefinition(
      name: "sample",
      training: TrainingDefinition(
        dataset: "cats", datasetSHA256: String(repeating: "ab", count: 32), split: .holdout(0.2, test: 0.25),
        repeats: 2),
      modelKind: "mlp",
      constants: [
        "units_1": .integer(20), "activation_1": .string("relu"), "activation_2": .string("tanh"),
        "activation_3": .string("sigmoid"), "dropout": .real(0), "momentum": .real(0.9), "iterations": .integer(100),
      ],
      space: ParameterSpace([
        Parameter(name: "layers", domain: .integerRange(minimum: 1, maximum: 3, scale: .linear), isStructural: true),
        Parameter(
          name: "units_2", domain: .levels([.integer(3), .integer(5)]), condition: Condition("layers", .atLeast(2))),
        Parameter(
          name: "units_3", domain: .levels([.integer(2), .integer(4)]), condition: Condition("layers", .atLeast(3))),
        Parameter(name: "learning_rate", domain: .levels([.real(0.5), .real(1)])),
        Parameter(name: "weight_decay", domain: .realRange(minimum: 1e-5, maximum: 1, scale: .log)),
        Parameter(name: "optimizer", domain: .categories([.string("adam"), .string("gradient_descent")])),
        Parameter(name: "batch_size", domain: .categories([.integer(32), .integer(0)])),
      ]),
      algorithm: "approximate_gradient", algorithmVersion: 1,
      algorithmOptions: ["preset": .string("paper"), "restarts": .integer(8), "step": .real(1)],
      metric: "validation_accuracy", goal: .maximize,
      budget: Budget(trials: 100, seconds: 60), parallelism: 4, maxRunning: 2, seed: 7, trainingSeed: -3,
      labels: ["b": "2", "a": "1"], notes: "by hand", numerics: 1)
  }
}
