import NumericKernels

/// The loss: mean cross-entropy in natural logarithms, computed from logits.
///
/// One output is a sigmoid unit for class 1; more are a softmax. The class predicted is 1 where the one logit is above 0;
/// of a softmax the class with the largest logit, of equal ones the lowest.
enum CrossEntropy {
  /// The gradient of the mean loss with respect to the logits, (outputs, width).
  static func delta<Scalar: KernelScalar>(
    of pass: Pass<Scalar>, labels: [Int], classes outputs: Int, into delta: UnsafeMutablePointer<Scalar>
  ) {
    let scale = 1 / Double(pass.count)
    let stride = pass.logitStride
    for example in 0..<pass.count {
      if outputs == 1 {
        let probability = Elementary.sigmoid(Double(pass.logits[example]))
        delta[example] = Scalar((probability - (labels[example] == 1 ? 1 : 0)) * scale)
      } else {
        let (top, sum) = softmax(pass, example, outputs)
        for output in 0..<outputs {
          let probability = Elementary.exp(Double(pass.logits[output * stride + example]) - top) / sum
          delta[output * stride + example] = Scalar((probability - (labels[example] == output ? 1 : 0)) * scale)
        }
      }
    }
  }

  /// The mean loss and the share of examples whose class is predicted.
  static func score<Scalar: KernelScalar>(
    _ pass: Pass<Scalar>, labels: [Int], classes outputs: Int
  ) -> (loss: Double, accuracy: Double) {
    var right = 0
    let stride = pass.logitStride
    let losses = (0..<pass.count).map { example -> Double in
      let label = labels[example]
      if outputs == 1 {
        let logit = Double(pass.logits[example])
        if (logit > 0) == (label == 1) { right += 1 }
        return Elementary.softplus(label == 1 ? -logit : logit)
      }
      let (top, sum) = softmax(pass, example, outputs)
      var best = 0
      for output in 1..<outputs
      where pass.logits[output * stride + example] > pass.logits[best * stride + example] { best = output }
      if best == label { right += 1 }
      return Elementary.log(sum) + top - Double(pass.logits[label * stride + example])
    }
    return (Reduction.sum(losses) / Double(pass.count), Double(right) / Double(pass.count))
  }

  /// The largest logit of an example, and the sum of the exponentials of all logits less that one.
  private static func softmax<Scalar: KernelScalar>(
    _ pass: Pass<Scalar>, _ example: Int, _ outputs: Int
  ) -> (top: Double, sum: Double) {
    let stride = pass.logitStride
    var top = -Double.infinity
    for output in 0..<outputs { top = max(top, Double(pass.logits[output * stride + example])) }
    var sum = 0.0
    for output in 0..<outputs { sum = sum + Elementary.exp(Double(pass.logits[output * stride + example]) - top) }
    return (top, sum)
  }
}
