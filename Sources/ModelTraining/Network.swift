import NumericKernels

/// The sizes of a multi-layer perceptron: inputs, hidden units, outputs.
struct NetworkShape: Sendable, Hashable {
  /// Features, then the units of each hidden layer, then outputs (1 for two classes, else one a class).
  var sizes: [Int]

  init(features: Int, units: [Int], classes: Int) { sizes = [features] + units + [classes == 2 ? 1 : classes] }

  /// How many layers have weights.
  var depth: Int { sizes.count - 1 }
  var outputs: Int { sizes[depth] }
}

/// Weights and biases: layer l has W (sizes[l + 1], sizes[l]) row-major, padded to whole lanes with zeros, and b.
///
/// Where the first layer is trained elsewhere, its matrix has no numbers.
final class Weights<Scalar: KernelScalar> {
  let shape: NetworkShape
  let matrices: [NumberBuffer<Scalar>]
  let biases: [NumberBuffer<Scalar>]

  /// Whether the first layer's matrix stands here.
  let hasFirst: Bool

  init(_ shape: NetworkShape, hasFirst: Bool = true) {
    self.shape = shape
    self.hasFirst = hasFirst
    matrices = (0..<shape.depth).map {
      NumberBuffer($0 == 0 && !hasFirst ? 0 : shape.sizes[$0 + 1] * padded(shape.sizes[$0], Scalar.self))
    }
    biases = (0..<shape.depth).map { NumberBuffer(shape.sizes[$0 + 1]) }
  }

  /// Zeros of the same sizes.
  func empty() -> Weights { Weights(shape, hasFirst: hasFirst) }

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
}

/// What a keyed draw is for: the low byte of the counter's last word.
enum DrawPurpose: UInt32 {
  case weights = 1
  case dropout = 2
  case order = 3
  case split = 4
}
