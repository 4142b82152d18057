import NumericKernels

/// Turns gradients into steps; keeps what it must remember of earlier ones.
final class Optimizer<Scalar: KernelScalar> {
  private let settings: Hyperparameters
  /// Velocity, or Adam's first moment.
  private let first: Weights<Scalar>?
  /// Adam's second moment.
  private let second: Weights<Scalar>?
  private var firstPower = 1.0
  private var secondPower = 1.0

  private static var firstDecay: Double { 0.9 }
  private static var secondDecay: Double { 0.999 }
  private static var epsilon: Double { 1e-8 }

  /// Makes an optimiser for weights like these.
  init(_ settings: Hyperparameters, _ weights: Weights<Scalar>) {
    self.settings = settings
    first = settings.isAdam || settings.momentum > 0 ? weights.empty() : nil
    second = settings.isAdam ? weights.empty() : nil
  }

  /// Changes the weights by one update.
  func update(_ weights: Weights<Scalar>, by gradient: Weights<Scalar>) {
    firstPower *= Self.firstDecay
    secondPower *= Self.secondDecay
    for layer in 0..<weights.shape.depth {
      step(
        weights.matrices[layer], gradient.matrices[layer], first?.matrices[layer], second?.matrices[layer],
        decay: Scalar(settings.weightDecay))
      step(weights.biases[layer], gradient.biases[layer], first?.biases[layer], second?.biases[layer], decay: 0)
    }
  }

  private func step(
    _ weights: NumberBuffer<Scalar>, _ gradient: NumberBuffer<Scalar>, _ first: NumberBuffer<Scalar>?,
    _ second: NumberBuffer<Scalar>?, decay: Scalar
  ) {
    let lanes = Scalar.Lanes.scalarCount
    typealias Lanes = Scalar.Lanes
    let w = UnsafeMutableRawPointer(weights.base).assumingMemoryBound(to: Lanes.self)
    let g = UnsafeMutableRawPointer(gradient.base).assumingMemoryBound(to: Lanes.self)
    let rate = Scalar(settings.learningRate)
    let count = weights.count / lanes
    if let first, let second {
      let m = UnsafeMutableRawPointer(first.base).assumingMemoryBound(to: Lanes.self)
      let v = UnsafeMutableRawPointer(second.base).assumingMemoryBound(to: Lanes.self)
      let (b1, b2) = (Scalar(Self.firstDecay), Scalar(Self.secondDecay))
      let (c1, c2) = (Scalar(1 - firstPower), Scalar(1 - secondPower))
      let epsilon = Scalar(Self.epsilon)
      for index in 0..<count {
        let slope = decay == 0 ? g[index] : g[index] + w[index] * decay
        m[index] = m[index] * b1 + slope * (1 - b1)
        v[index] = v[index] * b2 + slope * slope * (1 - b2)
        w[index] = w[index] - m[index] / c1 * rate / ((v[index] / c2).squareRoot() + epsilon)
      }
    } else if let first {
      let m = UnsafeMutableRawPointer(first.base).assumingMemoryBound(to: Lanes.self)
      let momentum = Scalar(settings.momentum)
      for index in 0..<count {
        let slope = decay == 0 ? g[index] : g[index] + w[index] * decay
        m[index] = m[index] * momentum + slope
        w[index] = w[index] - m[index] * rate
      }
    } else {
      for index in 0..<count {
        let slope = decay == 0 ? g[index] : g[index] + w[index] * decay
        w[index] = w[index] - slope * rate
      }
    }
  }
}
