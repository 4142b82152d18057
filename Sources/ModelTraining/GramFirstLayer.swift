import NumericKernels

/// The first layer trained in the space of the examples.
///
/// By gradient descent its weights stay at W = a · W₀ − S · Xᵀ, so W · X = a · W₀X − S · XᵀX: one product with the
/// examples' Gram matrix, (units, N) · (N, N), takes the place of two with all features. Exact for full and mini-batches,
/// momentum and weight decay; not for Adam, whose steps leave that space.
///
/// The Gram matrix is that of the centred examples. What the mean μ adds, Σₖ Sₖ (pₖ + μ·μ) and pⱼ Σₖ Sₖ with pₖ = (xₖ − μ)·μ,
/// is kept in double precision beside it: in single precision the raw matrix's first eigenvalue would drown the rest.
final class GramFirstLayer<Scalar: KernelScalar>: FirstLayer {
  let fold: GramFold<Scalar>
  private let units: Int
  private let kernels: Kernels<Scalar>
  private let start: GramStart<Scalar>
  /// S and what belongs to it.
  let kernel: GramKernel<Scalar>
  private var batch: Batch?
  private var chosen: [Int64]?
  /// A batch's slopes at their examples' places, (units, padded N), zero elsewhere.
  private lazy var scattered = NumberBuffer<Scalar>(units * fold.stride)

  /// What a batch takes of the fold: its columns of the matrix in panels, W₀X and projections.
  private struct Batch {
    let count: Int
    let matrix: NumberBuffer<Scalar>
    let start: NumberBuffer<Scalar>
    let projections: NumberBuffer<Scalar>
  }

  init(
    _ settings: Hyperparameters, _ fold: GramFold<Scalar>, start: GramStart<Scalar>,
    biasGradients: NumberBuffer<Scalar>,
    kernels: Kernels<Scalar> = .current
  ) {
    self.fold = fold
    self.start = start
    self.kernels = kernels
    units = start.units
    kernel = GramKernel(
      kernels, units: start.units, examples: fold.kernelExamples, start: start.training,
      step: Optimizer<Scalar>.descent(settings), biasGradients: biasGradients)
  }

  func project(
    _ chosen: [Int64]?, biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int,
    isCancelled: () -> Bool
  ) -> Bool {
    self.chosen = chosen
    guard let chosen else {
      return kernel.project(
        fold.training.base, start: start.training.base, startStride: start.trainingStride,
        projections: fold.projections.base, width: fold.count, biases: biases, into: out, outStride: stride,
        isCancelled: isCancelled)
    }
    let batch = gather(chosen)
    return kernel.project(
      batch.matrix.base, start: batch.start.base, startStride: padded(chosen.count, Scalar.self),
      projections: batch.projections.base, width: chosen.count, biases: biases, into: out, outStride: stride,
      isCancelled: isCancelled)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func gather(_ chosen: [Int64]) -> Batch {
    let width = padded(chosen.count, Scalar.self)
    let batch =
      self.batch.flatMap { $0.count == chosen.count ? $0 : nil }
      ?? Batch(
        count: chosen.count, matrix: NumberBuffer(fold.count * width), start: NumberBuffer(units * width),
        projections: NumberBuffer(width))
    self.batch = batch
    // The matrix is symmetric: the columns of a batch are rows.
    kernels.gather(
      fold.training.base, sourceRows: fold.count, rows: chosen, columns: fold.count, copies: nil,
      transposed: batch.matrix.base)
    for (place, example) in chosen.enumerated() {
      let example = Int(example)
      for unit in 0..<units {
        batch.start.base[unit * width + place] = start.training.base[unit * start.trainingStride + example]
      }
      batch.projections.base[place] = fold.projections.base[example]
    }
    return batch
  }

  func projectValidation(biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int) {
    _ = kernel.project(
      fold.validation.base, start: start.validation.base, startStride: start.validationStride,
      projections: fold.validationProjections.base, width: fold.validationCount, biases: biases, into: out,
      outStride: stride
    ) { false }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func learn(from deltas: UnsafePointer<Scalar>, stride: Int, isCancelled: () -> Bool) -> Bool {
    guard let chosen else {
      kernel.learn(from: deltas)
      return true
    }
    let width = fold.stride
    for unit in 0..<units {
      let (source, target) = (deltas + unit * stride, scattered.base + unit * width)
      for (place, example) in chosen.enumerated() { target[Int(example)] = source[place] }
    }
    kernel.learn(from: scattered.base)
    for unit in 0..<units {
      let target = scattered.base + unit * width
      for example in chosen { target[Int(example)] = 0 }
    }
    return true
  }
}
