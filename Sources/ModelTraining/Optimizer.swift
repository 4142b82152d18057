import NumericKernels

/// Turns gradients into steps; keeps what it must remember of earlier ones.
final class Optimizer<Scalar: KernelScalar> {
  private let settings: Hyperparameters
  private let kernels: Kernels<Scalar>
  /// Velocity, or Adam's first moment.
  let first: Weights<Scalar>?
  /// Adam's second moment.
  private let second: Weights<Scalar>?
  private var firstPower = 1.0
  private var secondPower = 1.0

  private static var firstDecay: Double { 0.9 }
  private static var secondDecay: Double { 0.999 }

  /// Makes an optimiser for weights like these.
  init(_ settings: Hyperparameters, _ weights: Weights<Scalar>, _ kernels: Kernels<Scalar>) {
    self.settings = settings
    self.kernels = kernels
    first = settings.isAdam || settings.momentum > 0 ? weights.empty() : nil
    second = settings.isAdam ? weights.empty() : nil
  }

  /// One update of weights by gradient descent; biases have no decay.
  static func descent(_ settings: Hyperparameters) -> OptimizerStep {
    OptimizerStep(rate: settings.learningRate, momentum: settings.momentum, decay: settings.weightDecay)
  }

  /// Changes the weights by one update; those of the first layer only where they stand here.
  func update(_ weights: Weights<Scalar>, by gradient: Weights<Scalar>) {
    firstPower *= Self.firstDecay
    secondPower *= Self.secondDecay
    var step = Self.descent(settings)
    if settings.isAdam { step.adamPowers = (firstPower, secondPower) }
    var plain = step
    plain.decay = 0
    for layer in 0..<weights.shape.depth {
      if layer > 0 || weights.hasFirst {
        kernels.step(
          step, weights.matrices[layer].base, by: gradient.matrices[layer].base, first: first?.matrices[layer].base,
          second: second?.matrices[layer].base, count: weights.matrices[layer].count)
      }
      kernels.step(
        plain, weights.biases[layer].base, by: gradient.biases[layer].base, first: first?.biases[layer].base,
        second: second?.biases[layer].base, count: weights.biases[layer].count)
    }
  }
}
