import NumericKernels

/// Turns gradients into steps of any model's numbers; keeps what it must remember of earlier ones.
final class Optimizer<Scalar: KernelScalar> {
  /// Numbers that are trained together.
  struct Trained {
    var values: NumberBuffer<Scalar>
    /// The loss's slopes by them, for the caller to fill before each update.
    var gradient: NumberBuffer<Scalar>
    /// Whether weight decay pulls them to zero; biases have none.
    var decays: Bool
  }

  private let settings: OptimizerSettings
  private let kernels: Kernels<Scalar>
  private let trained: [Trained]
  /// Velocity, or Adam's first moment, of each buffer; nil where nothing is remembered.
  let momenta: [NumberBuffer<Scalar>]?
  /// Adam's second moment of each buffer.
  private let variances: [NumberBuffer<Scalar>]?
  private var momentumPower = 1.0
  private var variancePower = 1.0

  private static var momentumDecay: Double { 0.9 }
  private static var varianceDecay: Double { 0.999 }

  /// Makes an optimiser of some buffers.
  init(_ settings: OptimizerSettings, _ trained: [Trained], _ kernels: Kernels<Scalar>) {
    self.settings = settings
    self.kernels = kernels
    self.trained = trained
    func zeros() -> [NumberBuffer<Scalar>] { trained.map { NumberBuffer($0.values.count) } }
    momenta = settings.method == .adam || settings.momentum > 0 ? zeros() : nil
    variances = settings.method == .adam ? zeros() : nil
  }

  /// Changes every buffer by one update.
  func update() {
    momentumPower *= Self.momentumDecay
    variancePower *= Self.varianceDecay
    var decaying = settings.descent
    if settings.method == .adam { decaying.adamPowers = (momentumPower, variancePower) }
    var plain = decaying
    plain.decay = 0
    for (index, buffer) in trained.enumerated() {
      kernels.step(
        buffer.decays ? decaying : plain, buffer.values.base, by: buffer.gradient.base, first: momenta?[index].base,
        second: variances?[index].base, count: buffer.values.count)
    }
  }
}
