import NumericKernels

/// How a gradient becomes a step.
struct OptimizerSettings: Sendable, Hashable {
  /// The rule of the step.
  enum Method: String, CaseIterable, Sendable {
    case gradientDescent = "gradient_descent"
    case adam
  }

  var method: Method
  var learningRate: Double
  /// The share of the last step that the next one keeps.
  var momentum: Double
  /// Times the weights, added to their gradient.
  var weightDecay: Double

  /// One update of weights by gradient descent.
  var descent: OptimizerStep { OptimizerStep(rate: learningRate, momentum: momentum, decay: weightDecay) }
}
