import NumericKernels

/// A trained multi-layer perceptron: what it takes to score new examples, and nothing of how it was trained.
public struct TrainedNetwork: Sendable, Hashable {
  /// A dense layer: W (outputs, inputs) row-major, b (outputs).
  public struct Layer: Sendable, Hashable {
    public var inputs: Int
    public var outputs: Int
    public var weights: [Double]
    public var biases: [Double]

    /// Makes a layer; the sizes fit.
    public init(inputs: Int, outputs: Int, weights: [Double], biases: [Double]) {
      self.inputs = inputs
      self.outputs = outputs
      self.weights = weights
      self.biases = biases
    }
  }

  /// The layers, the one that meets the features first; the last gives logits, one for two classes, else one a class.
  public var layers: [Layer]
  /// What each hidden layer does to its weighted sums.
  public var activations: [Activation]
  /// What it was trained in, and what its numbers are kept in.
  public var precision: Precision

  /// Makes a network; every layer has as many inputs as the one before has outputs.
  public init(layers: [Layer], activations: [Activation], precision: Precision) {
    self.layers = layers
    self.activations = activations
    self.precision = precision
  }

  /// How many features an example has.
  public var features: Int { layers.first?.inputs ?? 0 }

  /// The logits of one example with `features` features, in double precision. O(weights).
  public func logits(of features: [Double]) -> [Double] {
    var values = features
    for (index, layer) in layers.enumerated() {
      var sums = layer.biases
      layer.weights.withUnsafeBufferPointer { weights in
        for unit in 0..<layer.outputs {
          var sum = 0.0
          for input in 0..<layer.inputs { sum += weights[unit * layer.inputs + input] * values[input] }
          sums[unit] += sum
        }
      }
      if index < activations.count { sums = sums.map { Self.activate($0, activations[index]) } }
      values = sums
    }
    return values
  }

  /// The class of one example by its index, and the probability of every class.
  ///
  /// Of two classes it is 1 where the logit is above 0; of more the one with the largest logit, of equal ones the lowest.
  public func prediction(for features: [Double]) -> (label: Int, probabilities: [Double]) {
    let logits = logits(of: features)
    if logits.count == 1 {
      let probability = Elementary.sigmoid(logits[0])
      return (logits[0] > 0 ? 1 : 0, [1 - probability, probability])
    }
    let top = logits.max() ?? 0
    let powers = logits.map { Elementary.exp($0 - top) }
    let sum = powers.reduce(0, +)
    return (logits.firstIndex(of: top) ?? 0, powers.map { $0 / sum })
  }

  private static func activate(_ sum: Double, _ activation: Activation) -> Double {
    switch activation {
    case .sigmoid: Elementary.sigmoid(sum)
    case .tanh: Elementary.tanh(sum)
    // NaN is not below zero, and passes.
    case .relu: sum < 0 ? 0 : sum
    }
  }
}
