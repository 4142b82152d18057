import NumericKernels

/// The loss: mean cross-entropy in natural logarithms, computed from logits.
///
/// One output is a sigmoid unit for class 1; more are a softmax. The class predicted is 1 where the one logit is above 0;
/// of a softmax the class with the largest logit, of equal ones the lowest.
enum CrossEntropy {
  /// The mean loss and the share of examples whose class is predicted, of logits (outputs, stride).
  static func score<Scalar: KernelScalar>(
    _ logits: UnsafePointer<Scalar>, stride: Int, outputs: Int, labels: LabelBuffer, kernels: Kernels<Scalar> = .current
  ) -> (loss: Double, accuracy: Double) {
    let (sum, right) = kernels.crossEntropy(logits, stride: stride, outputs: outputs, labels: labels)
    return (sum / Double(labels.count), Double(right) / Double(labels.count))
  }
}
