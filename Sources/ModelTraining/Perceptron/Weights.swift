import NumericKernels

/// Weights and biases: layer l has W (sizes[l + 1], sizes[l]) row-major, padded to whole lanes with zeros, and b.
///
/// Where the first layer is trained elsewhere, its matrix has no numbers.
final class Weights<Scalar: KernelScalar> {
  let shape: NetworkShape
  let matrices: [NumberBuffer<Scalar>]
  let biases: [NumberBuffer<Scalar>]

  /// Whether the first layer's matrix is here.
  let hasFirst: Bool

  init(_ shape: NetworkShape, hasFirst: Bool = true) {
    self.shape = shape
    self.hasFirst = hasFirst
    matrices = (0..<shape.depth).map {
      NumberBuffer($0 == 0 && !hasFirst ? 0 : shape.sizes[$0 + 1] * padded(shape.sizes[$0], Scalar.self))
    }
    biases = (0..<shape.depth).map { NumberBuffer(shape.sizes[$0 + 1]) }
  }

  /// The width of a row of layer l's matrix.
  func stride(_ layer: Int) -> Int { padded(shape.sizes[layer], Scalar.self) }

  /// Draws the first weights; W[layer][unit][input] depends on nothing else, so a wider layer only adds rows.
  ///
  /// Inputs 2i and 2i + 1 are the two normals of counter (i, unit, layer, 1).
  func initialize(_ draw: KeyedDraw, _ initialization: Initialization, _ kernels: Kernels<Scalar> = .current) {
    for bias in biases { bias.clear() }
    for layer in (hasFirst ? 0 : 1)..<shape.depth {
      let (inputs, outputs) = (shape.sizes[layer], shape.sizes[layer + 1])
      let deviation = initialization.deviation(inputs: inputs, outputs: outputs)
      for unit in 0..<outputs {
        kernels.normals(
          draw, unit: unit, layer: layer, purpose: DrawPurpose.weights.rawValue, deviation: deviation,
          into: matrices[layer].base + unit * stride(layer), count: inputs)
      }
    }
  }

  /// Layer l's matrix without its padding, in double precision.
  func numbers(_ layer: Int) -> [Double] {
    let (inputs, outputs, stride) = (shape.sizes[layer], shape.sizes[layer + 1], stride(layer))
    var numbers: [Double] = []
    numbers.reserveCapacity(inputs * outputs)
    for unit in 0..<outputs {
      for input in 0..<inputs { numbers.append(Double(matrices[layer].base[unit * stride + input])) }
    }
    return numbers
  }
}
