import NumericKernels

/// W₀X for the examples of one fold: (units, padded count) each.
struct GramStart<Scalar: KernelScalar> {
  let units: Int
  let training: NumberBuffer<Scalar>
  let validation: NumberBuffer<Scalar>
  let validationStride: Int
}
