import JSONText
import NumericKernels

/// A trained multi-layer perceptron: dense layers with an activation behind each but the last.
struct PerceptronNetwork: TrainedNetwork, Hashable {
  static var format: String { "cairn-mlp-1" }

  /// The layers, the one that meets the features first; the last gives logits, one for two classes, else one a class.
  var layers: [DenseLayer]
  /// What each hidden layer does to its weighted sums.
  var activations: [Activation]
  /// What it was trained in, and what its numbers are kept in.
  var precision: Precision

  /// Makes a network; every layer has as many inputs as the one before has outputs.
  init(layers: [DenseLayer], activations: [Activation], precision: Precision) {
    self.layers = layers
    self.activations = activations
    self.precision = precision
  }

  var features: Int { layers.first?.inputs ?? 0 }

  func logits(of features: [Double]) -> [Double] {
    var values = features
    for (index, layer) in layers.enumerated() {
      values = layer.sums(of: values)
      if index < activations.count { values = values.map(activations[index].applied(to:)) }
    }
    return values
  }
}

extension PerceptronNetwork {
  private static let activationsName = "activations"

  var stored: StoredNetwork {
    var stored = StoredNetwork(settings: [
      Self.activationsName: JSONValue(texts: activations.map(\.rawValue)).canonicalText,
      "output": layers.last?.outputs == 1 ? "sigmoid" : "softmax",
    ])
    for (index, layer) in layers.enumerated() { layer.store(in: &stored, as: index, precision) }
    return stored
  }

  init?(_ stored: StoredNetwork) {
    guard let words = JSONValue.texts(in: stored.settings[Self.activationsName]) else { return nil }
    let activations = words.compactMap(Activation.init)
    guard activations.count == words.count else { return nil }
    var layers: [DenseLayer] = []
    var precision = Precision.single
    for index in 0...activations.count {
      guard let found = DenseLayer.layer(index, of: stored),
        layers.last.map({ $0.outputs == found.layer.inputs }) ?? true
      else { return nil }
      if index == 0 { precision = found.precision }
      layers.append(found.layer)
    }
    self.init(layers: layers, activations: activations, precision: precision)
  }
}
