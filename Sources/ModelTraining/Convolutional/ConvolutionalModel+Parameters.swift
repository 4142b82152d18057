import SearchSpace

extension ConvolutionalModel {
  /// LeNet-5's layers: 6 filters of 5 × 5, pooling by 2, 16 of 5 × 5, pooling by 2, 120 and 84 units. A third and fourth
  /// convolution have no filters of their own accord.
  private static let standardFilters = [6, 16]
  private static let standardUnits = [120, 84]

  /// Every hyper-parameter of the contract.
  public static let parameters: [ParameterDescription] =
    [
      ParameterDescription(
        name: "convolutions", kind: .integer(minimum: 1, maximum: ConvolutionalSettings.mostConvolutions),
        defaultValue: .integer(ConvolutionalSettings.standardConvolutions),
        help: "How many convolutions; else the highest i of any filters_i, kernel_i, stride_i or pool_i, else 2.",
        isStructural: true)
    ]
    + (1...ConvolutionalSettings.mostConvolutions).flatMap(convolution)
    + [
      ParameterDescription(
        name: "padding", kind: .categorical(Padding.allCases.map(\.rawValue)),
        defaultValue: .string(Padding.valid.rawValue),
        help: "What is beyond the edge: valid nothing, same zeros, so that a picture keeps its size."),
      ParameterDescription(
        name: "pooling", kind: .categorical(Pooling.allCases.map(\.rawValue)),
        defaultValue: .string(Pooling.average.rawValue), help: "How a square of outputs becomes one."),
      ParameterDescription(
        name: "layers", kind: .integer(minimum: 1, maximum: PerceptronSettings.mostLayers),
        defaultValue: .integer(standardUnits.count), help: "How many hidden layers follow the convolutions.",
        isStructural: true),
    ]
    + (1...PerceptronSettings.mostLayers).map {
      ParameterDescription(
        name: "units_\($0)", kind: .integer(minimum: 1, maximum: 4096),
        defaultValue: $0 <= standardUnits.count ? .integer(standardUnits[$0 - 1]) : nil,
        help: "Units of hidden layer \($0), counted from the convolutions.")
    } + [
      ParameterDescription(
        name: "activation", kind: .categorical(Activation.allCases.map(\.rawValue)), defaultValue: .string("relu"),
        help: "The activation of every convolution and hidden layer; activations lists one for each, the convolutions "
          + "first, activation_i tunes one.")
    ] + NetworkSettings.descriptions

  private static func convolution(_ number: Int) -> [ParameterDescription] {
    let isStandard = number <= standardFilters.count
    return [
      ParameterDescription(
        name: "filters_\(number)", kind: .integer(minimum: 1, maximum: 64),
        defaultValue: isStandard ? .integer(standardFilters[number - 1]) : nil,
        help: "Filters of convolution \(number), counted from the input."),
      ParameterDescription(
        name: "kernel_\(number)", kind: .integer(minimum: 1, maximum: 15), defaultValue: .integer(5),
        help: "The side of each filter of convolution \(number), in pixels of its input."),
      ParameterDescription(
        name: "stride_\(number)", kind: .integer(minimum: 1, maximum: 4), defaultValue: .integer(1),
        help: "How far apart the places of a filter of convolution \(number) are."),
      ParameterDescription(
        name: "pool_\(number)", kind: .integers([0, 2, 3]),
        defaultValue: .integer(isStandard ? 2 : 0),
        help: "The side of the squares that pooling makes one place of behind convolution \(number); 0 for no pooling."),
    ]
  }

  /// Each convolution has filters, a kernel, a stride, a pooling and an activation of its own, each hidden layer units and
  /// an activation; the activations are counted through, those of the convolutions first.
  public static let repeated = [
    RepeatedSettings(
      count: "convolutions", block: "convolution",
      settings: ["filters", "kernel", "stride", "pool"].map { .init(stem: $0) }
        + [.init(stem: "activation", list: "activations")]),
    RepeatedSettings(
      count: "layers", block: "hidden layer",
      settings: [.init(stem: "units"), .init(stem: "activation", list: "activations", after: "convolutions")],
      isCountedByNames: false),
  ]
}
