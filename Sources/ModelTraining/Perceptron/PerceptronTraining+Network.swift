import NumericKernels

extension PerceptronTraining {
  /// O(units · examples · features) where the first layer was trained in the space of the examples.
  func network(_ examples: TrainingExamples, isCancelled: () -> Bool = { false }) -> (any TrainedNetwork)? {
    let shape = weights.shape
    guard let first = first.trained(on: examples, from: draw, settings.initialization, isCancelled: isCancelled) else {
      return nil
    }
    var layers = (0..<shape.depth).map { layer in
      DenseLayer(
        inputs: shape.sizes[layer], outputs: shape.sizes[layer + 1],
        weights: layer == 0 ? first.weights : weights.numbers(layer),
        biases: (0..<shape.sizes[layer + 1]).map { Double(weights.biases[layer].base[$0]) })
    }
    for (unit, shift) in first.shifts.enumerated() { layers[0].biases[unit] -= shift }
    return PerceptronNetwork(layers: layers, activations: settings.activations, precision: Precision(of: Scalar.self))
  }
}
