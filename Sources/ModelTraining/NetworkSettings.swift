import SearchSpace

/// The settings that say how any network is trained, whatever its layers are.
enum NetworkSettings {
  static let descriptions: [ParameterDescription] = [
    ParameterDescription(
      name: "learning_rate", kind: open(above: 0, to: 1000), defaultValue: .real(0.0075),
      help: "The step size of an update."),
    ParameterDescription(
      name: "iterations", kind: .integer(minimum: 1, maximum: 1_000_000), defaultValue: .integer(100),
      help: "How many updates; one update uses one batch."),
    ParameterDescription(
      name: "dropout",
      kind: .real(minimum: 0, maximum: 1, minimumExclusive: false, maximumExclusive: true), defaultValue: .real(0),
      help: "The share of each hidden layer's outputs that an update leaves out (inverted dropout)."),
    ParameterDescription(
      name: "momentum",
      kind: .real(minimum: 0, maximum: 1, minimumExclusive: false, maximumExclusive: true), defaultValue: .real(0),
      help: "The share of the last step that the next one keeps (heavy ball); for gradient_descent."),
    ParameterDescription(
      name: "weight_decay",
      kind: .real(minimum: 0, maximum: 1000, minimumExclusive: false, maximumExclusive: false),
      defaultValue: .real(0),
      help: "Times the weights, added to their gradient (L2); biases do not decay."),
    ParameterDescription(
      name: "batch_size", kind: .integer(minimum: 0, maximum: 1_000_000), defaultValue: .integer(0),
      help: "Examples in an update; 0 takes all of them."),
    ParameterDescription(
      name: "optimizer", kind: .categorical(OptimizerSettings.Method.allCases.map(\.rawValue)),
      defaultValue: .string("gradient_descent"),
      help: "How a gradient becomes a step; adam has β₁ 0.9, β₂ 0.999, ε 1e-8."),
    ParameterDescription(
      name: "initialization", kind: .categorical(Initialization.allCases.map(\.rawValue)),
      defaultValue: .string("lecun"),
      help: "The variance of the first weights: lecun 1/inputs, xavier 2/(inputs + outputs), he 2/inputs."),
    ParameterDescription(
      name: "precision", kind: .categorical(Precision.allCases.map(\.rawValue)), defaultValue: .string("float32"),
      help: "The arithmetic of the training.", tunable: false),
  ]

  private static func open(above minimum: Double, to maximum: Double) -> ParameterDescription.Kind {
    .real(minimum: minimum, maximum: maximum, minimumExclusive: true, maximumExclusive: false)
  }
}
