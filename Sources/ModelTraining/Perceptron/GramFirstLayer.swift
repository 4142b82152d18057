import NumericKernels

/// The first layer trained in the space of the examples.
///
/// By gradient descent its weights stay at W = a · W₀ − S · Xᵀ, so W · X = a · W₀X − S · XᵀX: one product with the
/// examples' Gram matrix, (units, N) · (N, N), takes the place of two with all features. Exact for full and mini-batches,
/// momentum and weight decay; not for Adam, whose steps leave that space. Of the examples that train, W · X is followed
/// update by update, so that the product is that of the update's slopes, which relu leaves zero for many examples.
///
/// The Gram matrix is that of the centred examples. What the mean μ adds, Σₖ Sₖ (pₖ + μ·μ) and pⱼ Σₖ Sₖ with pₖ = (xₖ − μ)·μ,
/// is kept in double precision beside it: in single precision the raw matrix's first eigenvalue would drown the rest.
final class GramFirstLayer<Scalar: KernelScalar>: FirstLayer {
  let fold: GramFold<Scalar>
  private let units: Int
  let kernels: Kernels<Scalar>
  private let start: GramStart<Scalar>
  /// S and what belongs to it.
  let kernel: GramKernel<Scalar>
  private var chosen: [Int64]?
  /// A batch's slopes at their examples' places, (units, padded N), zero elsewhere.
  private lazy var scattered = NumberBuffer<Scalar>(units * fold.stride)

  init(
    _ settings: OptimizerSettings, _ fold: GramFold<Scalar>, start: GramStart<Scalar>,
    biasGradients: NumberBuffer<Scalar>,
    kernels: Kernels<Scalar> = .current
  ) {
    self.fold = fold
    self.kernels = kernels
    self.start = start
    units = start.units
    kernel = GramKernel(
      kernels, units: start.units, examples: fold.kernelExamples, start: start.training,
      step: settings.descent, biasGradients: biasGradients)
  }

  func project(
    _ chosen: [Int64]?, biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int,
    isCancelled: () -> Bool
  ) -> Bool {
    self.chosen = chosen
    kernel.outputs(chosen, biases: biases, into: out, outStride: stride)
    return true
  }

  func projectValidation(biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int) {
    kernel.project(
      fold.validation.base, start: start.validation.base, startStride: start.validationStride,
      projections: fold.validationProjections.base, width: fold.validationCount, biases: biases, into: out,
      outStride: stride)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func learn(from deltas: UnsafePointer<Scalar>, stride: Int, isCancelled: () -> Bool) -> Bool {
    guard let chosen else {
      return kernel.learn(from: deltas, isCancelled: isCancelled)
    }
    let width = fold.stride
    for unit in 0..<units {
      let (source, target) = (deltas + unit * stride, scattered.base + unit * width)
      for (place, example) in chosen.enumerated() { target[Int(example)] = source[place] }
    }
    let isDone = kernel.learn(from: scattered.base, isCancelled: isCancelled)
    for unit in 0..<units {
      let target = scattered.base + unit * width
      for example in chosen { target[Int(example)] = 0 }
    }
    return isDone
  }
}
