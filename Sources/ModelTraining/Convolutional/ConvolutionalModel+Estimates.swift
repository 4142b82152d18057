import SearchSpace

/// What a training costs, before it begins.
extension ConvolutionalModel {
  public static func operations(
    settings: [String: ParameterValue], data: DataShape, split: ValidationSplit, repeats: Int
  ) -> Double {
    let values = ConvolutionalSettings(settings)
    guard let shape = ConvolutionalShape(values, data.asPictures) else { return 1 }
    let (trained, trainings) = split.trained(of: data.examples)
    let size = Double(values.dense.batchSize)
    // A chunk takes as long as one of whole lanes.
    let lanes = Double(64 / values.dense.precision.bytes)
    let batch = ((values.dense.batchSize == 0 ? trained : min(size, trained)) / lanes).rounded(.up) * lanes
    // A multiplication and an addition for each number of a product, one product forward and two back; some thirty for what
    // a number of an output takes besides.
    let forward = 2 * shape.multiplications + 30 * shape.numbers
    let updates = Double(values.dense.iterations) * batch * 3 * forward
    let steps = CurveSteps(batch: values.dense.batchSize, examples: data.examples)
      .count(through: values.dense.iterations)
    return (updates + Double(steps) * Double(data.allExamples) * forward) * Double(trainings) * Double(repeats)
  }

  public static func memory(settings: [String: ParameterValue], data: DataShape, split: ValidationSplit) -> Double {
    let values = ConvolutionalSettings(settings)
    guard let shape = ConvolutionalShape(values, data.asPictures) else { return 1 }
    let shared = Double(values.dense.precision.bytes) * Double(data.allExamples) * Double(data.features + 16)
    // A pass for a chunk of examples, and others for shorter chunks at the ends of batches, epochs and parts.
    let passes = Double(values.dense.precision.bytes) * 2.5 * 64 * shape.held
    // The trainings of all folds go on side by side.
    return shared + passes + Double(split.trained(of: data.examples).trainings) * weightBytes(values, shape)
  }

  /// About how many bytes one training holds that no other shares: weights, gradient, that of a chunk, and memory of the
  /// optimiser.
  static func weightBytes(_ values: ConvolutionalSettings, _ shape: ConvolutionalShape) -> Double {
    let weights = (0..<shape.layers).reduce(0.0) { sum, layer in
      let (inputs, outputs) = shape.matrix(layer)
      return sum + Double(inputs + 16) * Double(outputs + 16)
    }
    let copies = values.dense.optimizer.method == .adam ? 6.0 : 5.0
    return Double(values.dense.precision.bytes) * copies * weights
  }
}

extension DataShape {
  /// Examples without height and width as pictures of one row.
  fileprivate var asPictures: DataShape {
    var data = self
    if !(2...3).contains(shape.count) { data.shape = [1, features, 1] }
    return data
  }
}
