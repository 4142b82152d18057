import NumericKernels

/// Weights and biases of all layers, the convolutions first: layer l has W (outputs, inputs) row-major, padded to whole lanes
/// with zeros, and b. A filter's inputs are (channel, row, column).
final class ConvolutionalWeights<Scalar: KernelScalar> {
  let shape: ConvolutionalShape
  let matrices: [NumberBuffer<Scalar>]
  let biases: [NumberBuffer<Scalar>]

  init(_ shape: ConvolutionalShape) {
    self.shape = shape
    matrices = (0..<shape.layers).map { layer in
      let (inputs, outputs) = shape.matrix(layer)
      return NumberBuffer(outputs * padded(inputs, Scalar.self))
    }
    biases = (0..<shape.layers).map { NumberBuffer(shape.matrix($0).outputs) }
  }

  /// The width of a row of layer l's matrix.
  func stride(_ layer: Int) -> Int { padded(shape.matrix(layer).inputs, Scalar.self) }

  /// Draws the first weights as a perceptron's: inputs 2i and 2i + 1 of a unit are the two normals of counter (i, unit,
  /// layer, 1). For the variance a filter has as many outputs as its weights reach: filters · kernel².
  func initialize(_ draw: KeyedDraw, _ initialization: Initialization, _ kernels: Kernels<Scalar>) {
    for layer in 0..<shape.layers {
      let (inputs, outputs) = shape.matrix(layer)
      let kernel = layer < shape.convolutions.count ? shape.convolutions[layer].kernel : 1
      let deviation = initialization.deviation(inputs: inputs, outputs: outputs * kernel * kernel)
      for unit in 0..<outputs {
        kernels.normals(
          draw, unit: unit, layer: layer, purpose: DrawPurpose.weights.rawValue, deviation: deviation,
          into: matrices[layer].base + unit * stride(layer), count: inputs)
      }
    }
  }

  /// Adds other numbers to these, each once rounded.
  func add(_ other: ConvolutionalWeights, _ kernels: Kernels<Scalar>) {
    let sum = OptimizerStep(rate: -1, momentum: 0, decay: 0)
    for (own, more) in zip(matrices + biases, other.matrices + other.biases) {
      kernels.step(sum, own.base, by: more.base, first: nil, second: nil, count: own.count)
    }
  }

  /// Layer l's matrix without its padding, in double precision.
  func numbers(_ layer: Int) -> [Double] {
    let ((inputs, outputs), stride) = (shape.matrix(layer), stride(layer))
    return (0..<outputs).flatMap { unit in
      (0..<inputs).map { Double(matrices[layer].base[unit * stride + $0]) }
    }
  }

  /// Layer l's biases in double precision.
  func shifts(_ layer: Int) -> [Double] {
    (0..<shape.matrix(layer).outputs).map { Double(biases[layer].base[$0]) }
  }
}
