import SearchSpace

/// What a training costs, before it begins.
extension MultilayerPerceptron {
  public static func operations(
    settings: [String: ParameterValue], data: DataShape, split: ValidationSplit, repeats: Int
  ) -> Double {
    let values = PerceptronSettings(settings)
    let shape = NetworkShape(features: data.features, units: values.units, classes: data.classes)
    let rest = (1..<shape.depth).reduce(0.0) { $0 + Double(shape.sizes[$1]) * Double(shape.sizes[$1 + 1]) }
    let units = shape.sizes.dropFirst().reduce(0.0) { $0 + Double($1) }
    let (trained, trainings) = split.trained(of: data.examples)
    let batch = values.batchSize == 0 ? trained : min(Double(values.batchSize), trained)
    let isGram = FirstLayerChoice.isGram(values, data)
    // A multiplication and an addition for each number of a product: with all features two products, one forward and
    // one back, or one with the Gram matrix; two of every layer behind it. Some thirty for what a unit's output takes.
    let first = Double(shape.sizes[1])
    let forward = 2 * first * (isGram ? trained : Double(data.features))
    let updates = Double(values.iterations) * batch * ((isGram ? 1 : 2) * forward + 4 * rest + 30 * units)
    let read = Double(data.allExamples)
    let steps = CurveSteps(batch: values.batchSize, examples: data.examples).count(through: values.iterations)
    let readings = Double(steps) * read * (forward + 2 * rest + 30 * units)
    return (updates + readings) * Double(trainings) * Double(repeats)
  }

  public static func memory(settings: [String: ParameterValue], data: DataShape, split: ValidationSplit) -> Double {
    let values = PerceptronSettings(settings)
    let shape = NetworkShape(features: data.features, units: values.units, classes: data.classes)
    let bytes = Double(values.precision.bytes)
    let isGram = FirstLayerChoice.isGram(values, data)
    let all = Double(data.allExamples + 32)
    // Two layouts of the data, or one with another in double precision while the Gram matrix is made, that and its shares
    // for the folds.
    let shared =
      isGram
      ? (bytes + 8) * all * Double(data.features) + (8 + 2 * bytes * 2) * all * all
      : bytes * 2 * all * Double(data.features + 16)
    // The trainings of all folds go on side by side.
    let trainings = split.trained(of: data.examples).trainings
    return shared + Double(trainings) * stateBytes(values, shape, examples: data.allExamples, isGram: isGram)
  }

  /// About how many bytes one training holds that no other shares: weights, gradient and memory of the optimiser; outputs,
  /// deltas, masks and their transposes; in the space of the examples three rows over them for each unit of the first
  /// layer instead of its weights.
  static func stateBytes(_ values: PerceptronSettings, _ shape: NetworkShape, examples: Int, isGram: Bool) -> Double {
    let bytes = Double(values.precision.bytes)
    let weights = (isGram ? 1..<shape.depth : 0..<shape.depth).reduce(0.0) {
      $0 + Double(shape.sizes[$1] + 16) * Double(shape.sizes[$1 + 1])
    }
    let units = shape.sizes.dropFirst().reduce(0.0) { $0 + Double($1) + 16 }
    let all = Double(examples + 32)
    let first = isGram ? 6 * Double(shape.sizes[1]) * all : 0
    return bytes * ((values.optimizer.method == .adam ? 4.0 : 3.0) * weights + 6 * units * all + first)
  }
}
