import NumericKernels

/// The first layer of one training: the one that meets the features, so the one that its time goes into.
protocol FirstLayer<Scalar>: AnyObject {
  associatedtype Scalar: KernelScalar

  /// Writes W · X of training examples without the biases, (units, stride) padded to whole lanes; `chosen` names a batch
  /// by the examples' places, nil is all of them.
  func project(_ chosen: ArraySlice<Int>?, into out: UnsafeMutablePointer<Scalar>, stride: Int)

  /// The same for the examples that validate.
  func projectValidation(into out: UnsafeMutablePointer<Scalar>, stride: Int)

  /// Takes in the loss's slopes by the pre-activations that were projected last, (units, stride): what the dense layer
  /// leaves to the optimiser, the Gram layer does by itself.
  func learn(from deltas: UnsafePointer<Scalar>, stride: Int)
}

/// The plain first layer: two products with all features an update.
final class DenseFirstLayer<Scalar: KernelScalar>: FirstLayer {
  private let weights: Weights<Scalar>
  private let gradient: Weights<Scalar>
  private let examples: PackedExamples<Scalar>
  private let validation: PackedExamples<Scalar>
  private var batch: PackedExamples<Scalar>?
  private var isBatch = false

  init(
    _ weights: Weights<Scalar>, _ gradient: Weights<Scalar>, examples: PackedExamples<Scalar>,
    validation: PackedExamples<Scalar>
  ) {
    self.weights = weights
    self.gradient = gradient
    self.examples = examples
    self.validation = validation
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func project(_ chosen: ArraySlice<Int>?, into out: UnsafeMutablePointer<Scalar>, stride: Int) {
    isBatch = chosen != nil
    guard let chosen else { return project(examples, into: out, stride: stride) }
    let room = batch?.count == chosen.count ? batch : nil
    let batch = room ?? PackedExamples(batchOf: chosen.count, features: examples.features)
    self.batch = batch
    batch.gather(chosen, from: examples)
    project(batch, into: out, stride: stride)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func projectValidation(into out: UnsafeMutablePointer<Scalar>, stride: Int) {
    project(validation, into: out, stride: stride)
  }

  private func project(_ input: PackedExamples<Scalar>, into out: UnsafeMutablePointer<Scalar>, stride: Int) {
    let shape = weights.shape
    Product.multiply(
      StridedView(base: weights.matrices[0].base, rowStride: weights.stride(0), columnStride: 1), input.forwardView,
      into: out, outStride: stride, rows: shape.sizes[1], depth: shape.sizes[0], width: input.count)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func learn(from deltas: UnsafePointer<Scalar>, stride: Int) {
    let shape = weights.shape
    guard let input = isBatch ? batch : examples, let view = input.backwardView else { return }
    Product.multiply(
      StridedView(base: deltas, rowStride: stride, columnStride: 1), view, into: gradient.matrices[0].base,
      outStride: gradient.stride(0), rows: shape.sizes[1], depth: input.count, width: shape.sizes[0])
  }
}
