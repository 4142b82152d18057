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

  /// The layer's weights in double precision, (units, D) row-major, and what the biases must lose beside it; `examples` are
  /// those that train, `draw` and `initialization` what the first weights came from. Nil where `isCancelled` said so.
  func trained(
    on examples: TrainingExamples, from draw: KeyedDraw, _ initialization: Initialization, isCancelled: () -> Bool
  ) -> FirstLayerWeights?
}

/// What a first layer has learnt.
struct FirstLayerWeights {
  /// (units, D) row-major.
  var weights: [Double]
  /// One a unit.
  var shifts: [Double]
}
