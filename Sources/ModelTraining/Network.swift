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

  private let firstLayer: Int

  init(_ shape: NetworkShape, hasFirst: Bool = true) {
    self.shape = shape
    firstLayer = hasFirst ? 0 : 1
    matrices = (0..<shape.depth).map {
      NumberBuffer($0 == 0 && !hasFirst ? 0 : shape.sizes[$0 + 1] * padded(shape.sizes[$0], Scalar.self))
    }
    biases = (0..<shape.depth).map { NumberBuffer(shape.sizes[$0 + 1]) }
  }

  /// Zeros of the same sizes.
  func empty() -> Weights { Weights(shape, hasFirst: firstLayer == 0) }

  /// The width of a row of layer l's matrix.
  func stride(_ layer: Int) -> Int { padded(shape.sizes[layer], Scalar.self) }

  /// Draws the first weights; W[layer][unit][input] depends on nothing else, so a wider layer only adds rows.
  ///
  /// Inputs 2i and 2i + 1 are the two normals of counter (i, unit, layer, 1).
  func initialize(_ draw: KeyedDraw, _ initialization: Initialization) {
    for bias in biases { bias.clear() }
    for layer in firstLayer..<shape.depth {
      let (inputs, outputs) = (shape.sizes[layer], shape.sizes[layer + 1])
      let deviation = initialization.deviation(inputs: inputs, outputs: outputs)
      for unit in 0..<outputs {
        Self.drawRow(
          matrices[layer].base + unit * stride(layer), draw, layer: layer, unit: unit, inputs: inputs,
          deviation: deviation)
      }
    }
  }

  /// Draws one unit's first weights.
  static func drawRow(
    _ row: UnsafeMutablePointer<Scalar>, _ draw: KeyedDraw, layer: Int, unit: Int, inputs: Int, deviation: Double
  ) {
    for pair in 0..<(inputs + 1) / 2 {
      let (first, second) = draw.normals(UInt32(pair), UInt32(unit), UInt32(layer), DrawPurpose.weights.rawValue)
      row[2 * pair] = Scalar(first * deviation)
      if 2 * pair + 1 < inputs { row[2 * pair + 1] = Scalar(second * deviation) }
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

/// The way forward and back through a network for one set of examples, with all the room that it needs.
final class Pass<Scalar: KernelScalar> {
  /// An activation of a layer for all examples: (units, width), width padded to whole lanes.
  private let outputs: [NumberBuffer<Scalar>]
  private let deltas: [NumberBuffer<Scalar>]
  private let masks: [NumberBuffer<Scalar>]
  private let transposed: [NumberBuffer<Scalar>]
  private let shape: NetworkShape
  private let activations: [Activation]
  private let width: Int
  let count: Int

  init(_ shape: NetworkShape, _ activations: [Activation], count: Int, trains: Bool, drops: Bool) {
    self.shape = shape
    self.activations = activations
    self.count = count
    let width = padded(count, Scalar.self)
    self.width = width
    outputs = (0..<shape.depth).map { NumberBuffer(shape.sizes[$0 + 1] * width) }
    deltas = trains ? (0..<shape.depth).map { NumberBuffer(shape.sizes[$0 + 1] * width) } : []
    masks = drops ? (0..<shape.depth - 1).map { NumberBuffer(shape.sizes[$0 + 1] * width) } : []
    transposed =
      trains ? (0..<shape.depth - 1).map { NumberBuffer(count * padded(shape.sizes[$0 + 1], Scalar.self)) } : []
  }

  /// The logits, (outputs, width).
  var logits: UnsafeMutablePointer<Scalar> { outputs[shape.depth - 1].base }

  /// The distance between two outputs' logits.
  var logitStride: Int { width }

  /// Computes the logits of all examples; false where `isCancelled` says so between layers.
  ///
  /// `project` writes the first layer's pre-activations without its biases, (units, stride).
  func forward(
    _ weights: Weights<Scalar>, drop: ((_ layer: Int) -> Void)? = nil, isCancelled: () -> Bool = { false },
    project: (_ out: UnsafeMutablePointer<Scalar>, _ stride: Int) -> Void
  ) -> Bool {
    let lanes = Scalar.Lanes.scalarCount
    for layer in 0..<shape.depth {
      if isCancelled() { return false }
      let (inputs, units) = (shape.sizes[layer], shape.sizes[layer + 1])
      if layer == 0 {
        project(outputs[0].base, width)
      } else {
        Product.multiply(
          StridedView(base: weights.matrices[layer].base, rowStride: weights.stride(layer), columnStride: 1),
          PanelView(base: outputs[layer - 1].base, rowStride: width, panelStride: lanes), into: outputs[layer].base,
          outStride: width, rows: units, depth: inputs, width: count)
      }
      for unit in 0..<units {
        let row = outputs[layer].base + unit * width
        let bias = weights.biases[layer].base[unit]
        for example in 0..<count { row[example] = row[example] + bias }
        if layer < shape.depth - 1 { Self.activate(row, count, activations[layer]) }
      }
      if layer < shape.depth - 1, let drop {
        drop(layer)
        let (output, mask) = (outputs[layer].base, masks[layer].base)
        for index in 0..<units * width { output[index] = output[index] * mask[index] }
      }
    }
    return true
  }

  private static func activate(_ row: UnsafeMutablePointer<Scalar>, _ count: Int, _ activation: Activation) {
    switch activation {
    // NaN is not below zero, and passes.
    case .relu: for index in 0..<count where row[index] < 0 { row[index] = 0 }
    case .sigmoid: for index in 0..<count { row[index] = Scalar(Elementary.sigmoid(Double(row[index]))) }
    case .tanh: for index in 0..<count { row[index] = Scalar(Elementary.tanh(Double(row[index]))) }
    }
  }

  /// The mask of a layer, (units, width), for the caller to fill before it is used.
  func mask(_ layer: Int) -> UnsafeMutablePointer<Scalar> { masks[layer].base }

  /// Whether every logit is a finite number.
  var isFinite: Bool {
    for output in 0..<shape.outputs {
      for example in 0..<count where !logits[output * width + example].isFinite { return false }
    }
    return true
  }

  /// The gradient of the mean cross-entropy, written to `gradient`; false where `isCancelled` says so between layers.
  ///
  /// `learn` takes the slopes by the first layer's pre-activations, (units, stride).
  func backward(
    _ weights: Weights<Scalar>, labels: [Int], into gradient: Weights<Scalar>, isCancelled: () -> Bool = { false },
    learn: (_ deltas: UnsafePointer<Scalar>, _ stride: Int) -> Void
  ) -> Bool {
    let lanes = Scalar.Lanes.scalarCount
    CrossEntropy.delta(of: self, labels: labels, classes: shape.outputs, into: deltas[shape.depth - 1].base)
    for layer in stride(from: shape.depth - 1, through: 0, by: -1) {
      if isCancelled() { return false }
      let (inputs, units) = (shape.sizes[layer], shape.sizes[layer + 1])
      let delta = deltas[layer].base
      if layer == 0 {
        learn(delta, width)
      } else {
        transpose(layer - 1)
        Product.multiply(
          StridedView(base: delta, rowStride: width, columnStride: 1),
          PanelView(base: transposed[layer - 1].base, rowStride: padded(inputs, Scalar.self), panelStride: lanes),
          into: gradient.matrices[layer].base, outStride: gradient.stride(layer), rows: units, depth: count,
          width: inputs)
      }
      for unit in 0..<units {
        gradient.biases[layer].base[unit] = Reduction.sum(UnsafePointer(delta + unit * width), count: count)
      }
      guard layer > 0 else { break }
      Product.multiply(
        StridedView(base: weights.matrices[layer].base, rowStride: 1, columnStride: weights.stride(layer)),
        PanelView(base: delta, rowStride: width, panelStride: lanes), into: deltas[layer - 1].base, outStride: width,
        rows: inputs, depth: units, width: count)
      differentiate(layer - 1)
    }
    return true
  }

  /// Lays a layer's outputs out as (examples, units) for the gradient of the next layer's weights.
  private func transpose(_ layer: Int) {
    let units = shape.sizes[layer + 1]
    let stride = padded(units, Scalar.self)
    let (source, target) = (outputs[layer].base, transposed[layer].base)
    for unit in 0..<units {
      for example in 0..<count { target[example * stride + unit] = source[unit * width + example] }
    }
  }

  /// Multiplies a layer's deltas by the slope of its activation, and by its dropout mask.
  private func differentiate(_ layer: Int) {
    let total = shape.sizes[layer + 1] * width
    let (delta, output) = (deltas[layer].base, outputs[layer].base)
    if masks.isEmpty {
      switch activations[layer] {
      case .relu: for index in 0..<total { delta[index] = output[index] > 0 ? delta[index] : 0 }
      case .sigmoid: for index in 0..<total { delta[index] = delta[index] * (output[index] * (1 - output[index])) }
      case .tanh: for index in 0..<total { delta[index] = delta[index] * (1 - output[index] * output[index]) }
      }
      return
    }
    let mask = masks[layer].base
    for index in 0..<total {
      // What dropout left out was zero for every weight; what it kept was scaled by the mask.
      let activation = mask[index] == 0 ? 0 : output[index] / mask[index]
      let slope: Scalar =
        switch activations[layer] {
        case .relu: activation > 0 ? 1 : 0
        case .sigmoid: activation * (1 - activation)
        case .tanh: 1 - activation * activation
        }
      delta[index] = delta[index] * mask[index] * slope
    }
  }
}
