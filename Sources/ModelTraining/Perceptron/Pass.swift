import NumericKernels

/// The way forward and back through a network for one set of examples, with all the room that it needs.
final class Pass<Scalar: KernelScalar> {
  /// An activation of a layer for all examples: (units, width), width padded to whole lanes.
  let outputs: [NumberBuffer<Scalar>]
  /// The loss's slopes by the pre-activations, as the outputs; none where the pass does not train.
  let deltas: [NumberBuffer<Scalar>]
  private let masks: [NumberBuffer<Scalar>]
  private let shape: NetworkShape
  private let activations: [ActivationKernel]
  private let width: Int
  private let kernels: Kernels<Scalar>
  let count: Int

  init(
    _ shape: NetworkShape, _ activations: [Activation], count: Int, trains: Bool, drops: Bool,
    kernels: Kernels<Scalar> = .current
  ) {
    self.shape = shape
    self.activations = activations.map(\.kernel)
    self.count = count
    self.kernels = kernels
    let width = padded(count, Scalar.self)
    self.width = width
    outputs = (0..<shape.depth).map { NumberBuffer(shape.sizes[$0 + 1] * width) }
    deltas = trains ? (0..<shape.depth).map { NumberBuffer(shape.sizes[$0 + 1] * width) } : []
    masks = drops ? (0..<shape.depth - 1).map { NumberBuffer(shape.sizes[$0 + 1] * width) } : []
  }

  /// The logits, (outputs, width).
  var logits: UnsafeMutablePointer<Scalar> { outputs[shape.depth - 1].base }

  /// The distance between two outputs' logits.
  var logitStride: Int { width }

  /// Computes the logits of all examples; false where `isCancelled` says so between layers.
  ///
  /// `project` writes the first layer's pre-activations, biases included, (units, stride); it is false where cancelled.
  func forward(
    _ weights: Weights<Scalar>, drop: ((_ layer: Int) -> Void)? = nil, isCancelled: () -> Bool = { false },
    project: (_ out: UnsafeMutablePointer<Scalar>, _ stride: Int) -> Bool
  ) -> Bool {
    for layer in 0..<shape.depth {
      if isCancelled() { return false }
      let (inputs, units) = (shape.sizes[layer], shape.sizes[layer + 1])
      if layer == 0 {
        guard project(outputs[0].base, width) else { return false }
      } else {
        let isDone = withoutActuallyEscaping(isCancelled) { isCancelled in
          kernels.multiply(
            StridedView(base: weights.matrices[layer].base, rowStride: weights.stride(layer), columnStride: 1),
            view(outputs[layer - 1]), initial: weights.biases[layer].base, into: outputs[layer].base,
            outStride: width, rows: units, depth: inputs, width: count, isCancelled: isCancelled)
        }
        guard isDone else { return false }
      }
      guard layer < shape.depth - 1 else { break }
      kernels.activate(outputs[layer].base, count: units * width, activations[layer])
      if let drop {
        drop(layer)
        kernels.multiply(outputs[layer].base, by: masks[layer].base, count: units * width)
      }
    }
    return true
  }

  /// Numbers (rows, width) as a right factor.
  private func view(_ numbers: NumberBuffer<Scalar>) -> PanelView<Scalar> {
    PanelView(base: numbers.base, rowStride: width, panelStride: Scalar.Lanes.scalarCount)
  }

  /// The mask of a layer, (units, width), for the caller to fill before it is used.
  func mask(_ layer: Int) -> UnsafeMutablePointer<Scalar> { masks[layer].base }

  /// Whether every logit is a finite number.
  var isFinite: Bool { kernels.areFinite(logits, stride: width, outputs: shape.outputs, count: count) }

  /// The gradient of the mean cross-entropy, written to `gradient`; false where `isCancelled` says so between layers.
  ///
  /// `learn` takes the slopes by the first layer's pre-activations, (units, stride), and writes what it keeps of the
  /// gradient by them; it is false where cancelled.
  func backward(
    _ weights: Weights<Scalar>, labels: LabelBuffer, into gradient: Weights<Scalar>,
    isCancelled: () -> Bool = { false }, learn: (_ deltas: UnsafePointer<Scalar>, _ stride: Int) -> Bool
  ) -> Bool {
    kernels.crossEntropySlopes(
      logits, stride: width, outputs: shape.outputs, labels: labels, into: deltas[shape.depth - 1].base)
    for layer in stride(from: shape.depth - 1, through: 0, by: -1) {
      if isCancelled() { return false }
      let (inputs, units) = (shape.sizes[layer], shape.sizes[layer + 1])
      let delta = deltas[layer]
      if layer == 0 { return learn(delta.base, width) }
      kernels.multiplyRows(
        delta.base, stride: width, rows: units, by: outputs[layer - 1].base, stride: width, columns: inputs,
        count: width, into: gradient.matrices[layer].base, outStride: gradient.stride(layer))
      kernels.sumRows(delta.base, stride: width, rows: units, count: width, into: gradient.biases[layer].base)
      let isDone = withoutActuallyEscaping(isCancelled) { isCancelled in
        kernels.multiply(
          StridedView(base: weights.matrices[layer].base, rowStride: 1, columnStride: weights.stride(layer)),
          view(delta), into: deltas[layer - 1].base, outStride: width, rows: inputs, depth: units, width: count,
          isCancelled: isCancelled)
      }
      guard isDone else { return false }
      kernels.differentiate(
        deltas[layer - 1].base, outputs: outputs[layer - 1].base,
        mask: masks.isEmpty ? nil : UnsafePointer(masks[layer - 1].base), count: inputs * width,
        activations[layer - 1])
    }
    return true
  }
}
