import NumericKernels

/// The passes of a training, by the examples of a chunk, padded to whole lanes. They hold nothing between two updates, so that
/// the trainings of all folds, which one thread makes in turns, share them.
final class ConvolutionalPasses<Scalar: KernelScalar> {
  let shape: ConvolutionalShape
  let settings: ConvolutionalSettings
  let kernels: Kernels<Scalar>
  private var passes: [Int: ConvolutionalPass<Scalar>] = [:]

  init(_ settings: ConvolutionalSettings, _ shape: ConvolutionalShape, kernels: Kernels<Scalar> = .current) {
    self.settings = settings
    self.shape = shape
    self.kernels = kernels
  }

  /// The pass for a chunk of `count` examples.
  func pass(_ count: Int) -> ConvolutionalPass<Scalar> {
    let pitch = padded(count, Scalar.self)
    if let pass = passes[pitch] { return pass }
    let pass = ConvolutionalPass(
      shape, settings, pitch: pitch, drops: settings.dense.dropout > 0, kernels: kernels)
    passes[pitch] = pass
    return pass
  }

  /// Gives the memory of all of them back.
  func clear() { passes = [:] }
}
