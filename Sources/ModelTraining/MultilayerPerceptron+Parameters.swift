import SearchSpace

extension MultilayerPerceptron {
  /// The most hidden layers.
  static let mostLayers = 8

  /// Every hyper-parameter of the contract.
  public static let parameters: [ParameterDescription] =
    [
      ParameterDescription(
        name: "layers", kind: .integer(minimum: 1, maximum: mostLayers), defaultValue: nil,
        help: "How many hidden layers; else the length of activations, else the highest i of any units_i.",
        isStructural: true)
    ]
    + (1...mostLayers).map {
      ParameterDescription(
        name: "units_\($0)", kind: .integer(minimum: 1, maximum: 4096), defaultValue: nil,
        help: "Units of hidden layer \($0), counted from the input.")
    } + [
      ParameterDescription(
        name: "activation", kind: .categorical(Activation.allCases.map(\.rawValue)), defaultValue: .string("relu"),
        help: "The activation of every hidden layer; activations lists one for each, activation_i tunes one."),
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
        name: "optimizer", kind: .categorical(["gradient_descent", "adam"]), defaultValue: .string("gradient_descent"),
        help: "How a gradient becomes a step; adam has β₁ 0.9, β₂ 0.999, ε 1e-8."),
      ParameterDescription(
        name: "initialization", kind: .categorical(Initialization.allCases.map(\.rawValue)),
        defaultValue: .string("lecun"),
        help: "The variance of the first weights: lecun 1/inputs, xavier 2/(inputs + outputs), he 2/inputs."),
      ParameterDescription(
        name: "precision", kind: .categorical(["float32", "float64"]), defaultValue: .string("float32"),
        help: "The arithmetic of the training.", tunable: false),
    ]

  /// Each hidden layer has units and an activation of its own.
  public static let repeated = [
    RepeatedSettings(
      count: "layers", block: "hidden layer",
      settings: [.init(stem: "units"), .init(stem: "activation", list: "activations")])
  ]

  private static func open(above minimum: Double, to maximum: Double) -> ParameterDescription.Kind {
    .real(minimum: minimum, maximum: maximum, minimumExclusive: true, maximumExclusive: false)
  }
}

/// What a hidden layer does to its weighted sums.
enum Activation: String, CaseIterable, Sendable { case relu, sigmoid, tanh }

/// The variance of the first weights.
enum Initialization: String, CaseIterable, Sendable {
  case lecun, xavier, he

  /// The standard deviation for a layer.
  func deviation(inputs: Int, outputs: Int) -> Double {
    switch self {
    case .lecun: (1 / Double(inputs)).squareRoot()
    case .xavier: (2 / Double(inputs + outputs)).squareRoot()
    case .he: (2 / Double(inputs)).squareRoot()
    }
  }
}

/// The settings of one training, read from an assignment.
struct Hyperparameters: Sendable {
  var units: [Int]
  var activations: [Activation]
  var learningRate: Double
  var iterations: Int
  var dropout: Double
  var momentum: Double
  var weightDecay: Double
  var batchSize: Int
  var isAdam: Bool
  var initialization: Initialization
  var isDouble: Bool

  /// Reads settings that validation has found whole.
  init(_ settings: [String: ParameterValue]) {
    func integer(_ name: String, _ standard: Int) -> Int { settings[name]?.number.map { Int($0) } ?? standard }
    func real(_ name: String, _ standard: Double) -> Double { settings[name]?.number ?? standard }
    func text(_ name: String) -> String? {
      if case .string(let text)? = settings[name] { return text }
      return nil
    }
    let layers = integer("layers", (1...MultilayerPerceptron.mostLayers).count { settings["units_\($0)"] != nil })
    units = (0..<layers).map { integer("units_\($0 + 1)", 1) }
    activations = (0..<layers).map {
      (text("activation_\($0 + 1)") ?? text("activation")).flatMap(Activation.init) ?? .relu
    }
    learningRate = real("learning_rate", 0.0075)
    iterations = integer("iterations", 100)
    dropout = real("dropout", 0)
    momentum = real("momentum", 0)
    weightDecay = real("weight_decay", 0)
    batchSize = integer("batch_size", 0)
    isAdam = text("optimizer") == "adam"
    initialization = text("initialization").flatMap(Initialization.init) ?? .lecun
    isDouble = text("precision") == "float64"
  }
}
