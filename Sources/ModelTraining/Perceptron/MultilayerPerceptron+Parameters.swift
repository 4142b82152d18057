import SearchSpace

extension MultilayerPerceptron {
  /// Every hyper-parameter of the contract.
  public static let parameters: [ParameterDescription] =
    [
      ParameterDescription(
        name: "layers", kind: .integer(minimum: 1, maximum: PerceptronSettings.mostLayers), defaultValue: nil,
        help: "How many hidden layers; else the length of activations, else the highest i of any units_i.",
        isStructural: true)
    ]
    + (1...PerceptronSettings.mostLayers).map {
      ParameterDescription(
        name: "units_\($0)", kind: .integer(minimum: 1, maximum: 4096), defaultValue: nil,
        help: "Units of hidden layer \($0), counted from the input.")
    } + [
      ParameterDescription(
        name: "activation", kind: .categorical(Activation.allCases.map(\.rawValue)), defaultValue: .string("relu"),
        help: "The activation of every hidden layer; activations lists one for each, activation_i tunes one.")
    ] + NetworkSettings.descriptions

  /// Each hidden layer has units and an activation of its own.
  public static let repeated = [
    RepeatedSettings(
      count: "layers", block: "hidden layer",
      settings: [.init(stem: "units"), .init(stem: "activation", list: "activations")])
  ]
}
