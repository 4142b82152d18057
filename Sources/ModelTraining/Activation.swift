import NumericKernels

/// What a hidden layer does to its weighted sums.
public enum Activation: String, CaseIterable, Sendable { case relu, sigmoid, tanh }

extension Activation {
  /// As kernels number it.
  var kernel: ActivationKernel {
    switch self {
    case .relu: .relu
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    }
  }

  /// One weighted sum, activated.
  func applied(to sum: Double) -> Double {
    switch self {
    case .sigmoid: Elementary.sigmoid(sum)
    case .tanh: Elementary.tanh(sum)
    // NaN is not below zero, and passes.
    case .relu: sum < 0 ? 0 : sum
    }
  }
}
