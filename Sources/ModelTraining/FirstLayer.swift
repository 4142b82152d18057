import NumericKernels

/// The first layer of one training: the one that meets the features, so the one that its time goes into.
protocol FirstLayer<Scalar>: AnyObject {
  associatedtype Scalar: KernelScalar

  /// Writes W · X + b of training examples, (units, stride) padded to whole lanes; `chosen` names a batch by the examples'
  /// places, nil is all of them. False where `isCancelled` said so.
  func project(
    _ chosen: [Int64]?, biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int,
    isCancelled: () -> Bool
  ) -> Bool

  /// The same for the examples that validate.
  func projectValidation(biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int)

  /// Takes in the loss's slopes by the pre-activations that were projected last, (units, stride), and writes the biases'
  /// gradient: the weights' the dense layer leaves to the optimiser, the Gram layer uses by itself. False where cancelled.
  func learn(from deltas: UnsafePointer<Scalar>, stride: Int, isCancelled: () -> Bool) -> Bool
}

/// The plain first layer: two products with all features an update.
final class DenseFirstLayer<Scalar: KernelScalar>: FirstLayer {
  private let weights: Weights<Scalar>
  private let gradient: Weights<Scalar>
  private let examples: PackedExamples<Scalar>
  private let validation: PackedExamples<Scalar>
  private let kernels: Kernels<Scalar>
  private var batch: PackedExamples<Scalar>?
  private var isBatch = false

  init(
    _ weights: Weights<Scalar>, _ gradient: Weights<Scalar>, examples: PackedExamples<Scalar>,
    validation: PackedExamples<Scalar>, kernels: Kernels<Scalar> = .current
  ) {
    self.weights = weights
    self.gradient = gradient
    self.examples = examples
    self.validation = validation
    self.kernels = kernels
  }

  func project(
    _ chosen: [Int64]?, biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int,
    isCancelled: () -> Bool
  ) -> Bool {
    isBatch = chosen != nil
    guard let chosen else { return project(examples, biases, into: out, stride: stride, isCancelled) }
    let room = batch?.count == chosen.count ? batch : nil
    let batch = room ?? PackedExamples(batchOf: chosen.count, features: examples.features)
    self.batch = batch
    batch.gather(chosen, from: examples, kernels)
    return project(batch, biases, into: out, stride: stride, isCancelled)
  }

  func projectValidation(biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int) {
    _ = project(validation, biases, into: out, stride: stride) { false }
  }

  private func project(
    _ input: PackedExamples<Scalar>, _ biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>,
    stride: Int, _ isCancelled: () -> Bool
  ) -> Bool {
    let shape = weights.shape
    return withoutActuallyEscaping(isCancelled) { isCancelled in
      kernels.multiply(
        StridedView(base: weights.matrices[0].base, rowStride: weights.stride(0), columnStride: 1), input.forwardView,
        initial: biases, into: out, outStride: stride, rows: shape.sizes[1], depth: shape.sizes[0],
        width: input.count, isCancelled: isCancelled)
    }
  }

  func learn(from deltas: UnsafePointer<Scalar>, stride: Int, isCancelled: () -> Bool) -> Bool {
    let shape = weights.shape
    guard let input = isBatch ? batch : examples, let view = input.backwardView else { return true }
    kernels.sumRows(deltas, stride: stride, rows: shape.sizes[1], count: stride, into: gradient.biases[0].base)
    return withoutActuallyEscaping(isCancelled) { isCancelled in
      kernels.multiply(
        StridedView(base: deltas, rowStride: stride, columnStride: 1), view, into: gradient.matrices[0].base,
        outStride: gradient.stride(0), rows: shape.sizes[1], depth: input.count, width: shape.sizes[0],
        isCancelled: isCancelled)
    }
  }
}
