import NumericKernels

/// What a network makes of one example whose class is known.
public struct ExampleVerdict: Sendable, Hashable {
  /// The label that it predicts.
  public var label: Int
  /// The probability of every class, in the order of their labels.
  public var probabilities: [Double]
  /// Natural-log cross-entropy.
  public var loss: Double
}

extension TrainedNetwork {
  /// Judges an example of a known label, in double precision. O(`logits`).
  public func verdict(on features: [Double], label: Int) -> ExampleVerdict {
    let logits = logits(of: features)
    let (predicted, probabilities) = Self.prediction(of: logits)
    return ExampleVerdict(label: predicted, probabilities: probabilities, loss: Self.loss(of: logits, label: label))
  }

  /// The cross-entropy of logits: `−log σ(±z)` of one, `log Σₖ exp zₖ − z` of more.
  static func loss(of logits: [Double], label: Int) -> Double {
    if logits.count == 1 { return Elementary.softplus(label == 1 ? -logits[0] : logits[0]) }
    let top = logits.max() ?? 0
    return top + Elementary.log(logits.reduce(0) { $0 + Elementary.exp($1 - top) }) - logits[label]
  }
}
