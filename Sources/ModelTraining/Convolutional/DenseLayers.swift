import NumericKernels

/// The fully connected layers of a pass, with the room for outputs and slopes.
final class DenseLayers<Scalar: KernelScalar> {
  /// Of each layer, (units, pitch).
  let outputs: [NumberBuffer<Scalar>]
  private let deltas: [NumberBuffer<Scalar>]
  private let masks: [NumberBuffer<Scalar>]
  private let sizes: [Int]
  private let activations: [ActivationKernel]
  private let pitch: Int
  private let kernels: Kernels<Scalar>
  /// Whether the last way forward left numbers out.
  private var hasDropped = false

  init(_ sizes: [Int], _ activations: [ActivationKernel], pitch: Int, drops: Bool, kernels: Kernels<Scalar>) {
    self.sizes = sizes
    self.activations = activations
    self.pitch = pitch
    self.kernels = kernels
    outputs = sizes.dropFirst().map { NumberBuffer($0 * pitch) }
    deltas = sizes.dropFirst().map { NumberBuffer($0 * pitch) }
    masks = drops ? sizes.dropFirst().dropLast().map { NumberBuffer($0 * pitch) } : []
  }

  private var depth: Int { sizes.count - 1 }

  private func view(_ numbers: UnsafePointer<Scalar>) -> PanelView<Scalar> {
    PanelView(base: numbers, rowStride: pitch, panelStride: Scalar.Lanes.scalarCount)
  }

  /// Computes the logits from what the convolutions leave, (inputs, pitch); `first` is the number of the first layer's
  /// weights.
  func forward(
    _ inputs: UnsafePointer<Scalar>, _ weights: ConvolutionalWeights<Scalar>, after first: Int,
    drop: ((_ layer: Int, _ mask: UnsafeMutablePointer<Scalar>) -> Void)?, isCancelled: () -> Bool
  ) -> Bool {
    hasDropped = drop != nil
    for layer in 0..<depth {
      let isDone = withoutActuallyEscaping(isCancelled) { isCancelled in
        kernels.multiply(
          StridedView(
            base: weights.matrices[first + layer].base, rowStride: weights.stride(first + layer), columnStride: 1),
          view(layer == 0 ? inputs : UnsafePointer(outputs[layer - 1].base)),
          initial: weights.biases[first + layer].base, into: outputs[layer].base, outStride: pitch,
          rows: sizes[layer + 1], depth: sizes[layer], width: pitch, isCancelled: isCancelled)
      }
      guard isDone else { return false }
      guard layer < depth - 1 else { break }
      let count = sizes[layer + 1] * pitch
      kernels.activate(outputs[layer].base, count: count, activations[layer])
      if let drop {
        drop(layer, masks[layer].base)
        kernels.multiply(outputs[layer].base, by: masks[layer].base, count: count)
      }
    }
    return true
  }

  /// Begins the way back: the slopes by the logits, of the mean over `examples` examples.
  func setSlopes(labels: LabelBuffer, of examples: Int) {
    kernels.crossEntropySlopes(
      outputs[depth - 1].base, stride: pitch, outputs: sizes[depth], labels: labels, of: examples,
      into: deltas[depth - 1].base)
  }

  /// Writes the gradient of every layer, and the slopes by what the convolutions leave.
  func backward(
    _ inputs: UnsafePointer<Scalar>, _ inputDeltas: UnsafeMutablePointer<Scalar>,
    _ weights: ConvolutionalWeights<Scalar>, after first: Int, into gradient: ConvolutionalWeights<Scalar>,
    isCancelled: () -> Bool
  ) -> Bool {
    for layer in (0..<depth).reversed() {
      if isCancelled() { return false }
      let (count, units, delta) = (sizes[layer], sizes[layer + 1], deltas[layer].base)
      kernels.multiplyRows(
        delta, stride: pitch, rows: units, by: layer == 0 ? inputs : UnsafePointer(outputs[layer - 1].base),
        stride: pitch, columns: count, count: pitch, into: gradient.matrices[first + layer].base,
        outStride: gradient.stride(first + layer))
      kernels.sumRows(delta, stride: pitch, rows: units, count: pitch, into: gradient.biases[first + layer].base)
      let below = layer == 0 ? inputDeltas : deltas[layer - 1].base
      let isDone = withoutActuallyEscaping(isCancelled) { isCancelled in
        kernels.multiply(
          StridedView(
            base: weights.matrices[first + layer].base, rowStride: 1, columnStride: weights.stride(first + layer)),
          view(delta), into: below, outStride: pitch, rows: count, depth: units, width: pitch,
          isCancelled: isCancelled)
      }
      guard isDone else { return false }
      guard layer > 0 else { break }
      kernels.differentiate(
        below, outputs: outputs[layer - 1].base, mask: hasDropped ? UnsafePointer(masks[layer - 1].base) : nil,
        count: count * pitch, activations[layer - 1])
    }
    return true
  }
}
