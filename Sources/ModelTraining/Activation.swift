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
}
