import SearchSpace

/// The settings of one training, read from an assignment.
struct PerceptronSettings: Sendable {
  /// The most hidden layers.
  static let mostLayers = 8

  /// Units of each hidden layer, counted from the input.
  var units: [Int]
  /// Of each hidden layer.
  var activations: [Activation]
  /// The updates after which the training ends.
  var iterations: Int
  /// The share of each hidden layer's outputs that an update leaves out.
  var dropout: Double
  /// Examples in an update; 0 takes all of them.
  var batchSize: Int
  var optimizer: OptimizerSettings
  var initialization: Initialization
  var precision: Precision

  /// Reads settings that validation has found whole; the activations of the hidden layers are those after the first
  /// `others`.
  init(_ settings: [String: ParameterValue], activationsAfter others: Int = 0) {
    func integer(_ name: String, _ standard: Int) -> Int { settings[name]?.number.map { Int($0) } ?? standard }
    func real(_ name: String, _ standard: Double) -> Double { settings[name]?.number ?? standard }
    func text(_ name: String) -> String? {
      if case .string(let text)? = settings[name] { return text }
      return nil
    }
    let layers = integer("layers", (1...Self.mostLayers).count { settings["units_\($0)"] != nil })
    units = (0..<layers).map { integer("units_\($0 + 1)", 1) }
    activations = (0..<layers).map {
      (text("activation_\(others + $0 + 1)") ?? text("activation")).flatMap(Activation.init) ?? .relu
    }
    iterations = integer("iterations", 100)
    dropout = real("dropout", 0)
    batchSize = integer("batch_size", 0)
    optimizer = OptimizerSettings(
      method: text("optimizer").flatMap(OptimizerSettings.Method.init) ?? .gradientDescent,
      learningRate: real("learning_rate", 0.0075), momentum: real("momentum", 0),
      weightDecay: real("weight_decay", 0))
    initialization = text("initialization").flatMap(Initialization.init) ?? .lecun
    precision = text("precision").flatMap(Precision.init) ?? .single
  }
}
