import NumericKernels

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

  func trained(
    on examples: TrainingExamples, from draw: KeyedDraw, _ initialization: Initialization, isCancelled: () -> Bool
  ) -> FirstLayerWeights? {
    FirstLayerWeights(weights: weights.numbers(0), shifts: Array(repeating: 0, count: weights.shape.sizes[1]))
  }
}
