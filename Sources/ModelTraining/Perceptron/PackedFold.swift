import NumericKernels

/// One training's packed examples and those that score it.
struct PackedFold<Scalar: KernelScalar>: Sendable {
  let training: PackedExamples<Scalar>
  let validation: PackedExamples<Scalar>
}
