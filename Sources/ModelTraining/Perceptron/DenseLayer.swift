/// A dense layer: W (outputs, inputs) row-major, b (outputs).
struct DenseLayer: Sendable, Hashable {
  var inputs: Int
  var outputs: Int
  var weights: [Double]
  var biases: [Double]

  /// The weighted sums of one example, W x + b. O(inputs · outputs).
  func sums(of values: [Double]) -> [Double] {
    var sums = biases
    weights.withUnsafeBufferPointer { weights in
      for unit in 0..<outputs {
        var sum = 0.0
        for input in 0..<inputs { sum += weights[unit * inputs + input] * values[input] }
        sums[unit] += sum
      }
    }
    return sums
  }
}

extension DenseLayer {
  private static func weightName(_ index: Int) -> String { "layers.\(index).weight" }
  private static func biasName(_ index: Int) -> String { "layers.\(index).bias" }

  /// Adds its two tensors as those of layer `index`, counted from 0 at the features.
  func store(in stored: inout StoredNetwork, as index: Int, _ precision: Precision) {
    stored.tensors[Self.weightName(index)] = StoredTensor(
      precision: precision, shape: [outputs, inputs], numbers: weights)
    stored.tensors[Self.biasName(index)] = StoredTensor(precision: precision, shape: [outputs], numbers: biases)
  }

  /// Layer `index` of what is stored, and what its numbers are kept in; nil where it is not there or does not fit itself.
  static func layer(_ index: Int, of stored: StoredNetwork) -> (layer: DenseLayer, precision: Precision)? {
    guard let weight = stored.tensors[weightName(index)], let bias = stored.tensors[biasName(index)],
      weight.shape.count == 2, bias.shape == [weight.shape[0]]
    else { return nil }
    return (
      DenseLayer(
        inputs: weight.shape[1], outputs: weight.shape[0], weights: weight.numbers, biases: bias.numbers),
      weight.precision
    )
  }
}
