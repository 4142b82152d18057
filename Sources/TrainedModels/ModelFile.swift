import Datasets
import JSONText
import ModelTraining
import Studies

/// A trained network with all that scoring new examples takes, as one file.
public struct ModelFile: Sendable, Hashable, ScoringModel {
  /// The layers.
  public var network: TrainedNetwork
  /// What makes features of an example's numbers.
  public var scaling: InputScaling
  /// The classes' names, in the order of their labels.
  public var classes: [String]
  /// What else a person or a program may want to know, by name.
  public var facts: [String: String]

  /// Makes a file; `facts` must leave the names of its own alone.
  public init(network: TrainedNetwork, scaling: InputScaling, classes: [String], facts: [String: String]) {
    self.network = network
    self.scaling = scaling
    self.classes = classes
    self.facts = facts
  }

  public var features: Int { network.features }

  public func prediction(for numbers: [Double]) -> (label: Int, probabilities: [Double]) {
    network.prediction(for: scaling.features(of: numbers))
  }

  private static let format = "cairn-mlp-1"
  private static let meanName = "features.mean"
  private static let deviationName = "features.deviation"

  /// The file's bytes, in the safetensors layout.
  public var bytes: [UInt8] {
    var metadata = facts
    metadata["format"] = Self.format
    metadata["activations"] = Self.list(network.activations.map(\.rawValue))
    metadata["output"] = network.layers.last?.outputs == 1 ? "sigmoid" : "softmax"
    metadata["classes"] = Self.list(classes)
    metadata["feature_scaling"] = scaling.name
    let kind: Safetensors.Kind = network.precision == .double ? .double : .single
    var tensors: [String: Safetensors.Tensor] = [:]
    for (index, layer) in network.layers.enumerated() {
      tensors["layers.\(index).weight"] = .init(
        kind: kind, shape: [layer.outputs, layer.inputs], numbers: layer.weights)
      tensors["layers.\(index).bias"] = .init(kind: kind, shape: [layer.outputs], numbers: layer.biases)
    }
    if case .standard(let means, let deviations) = scaling {
      tensors[Self.meanName] = .init(kind: .double, shape: [means.count], numbers: means)
      tensors[Self.deviationName] = .init(kind: .double, shape: [deviations.count], numbers: deviations)
    }
    return Safetensors(metadata: metadata, tensors: tensors).bytes
  }

  /// Reads what `bytes` gave; nil for anything else.
  public init?(_ bytes: [UInt8]) {
    guard let file = try? Safetensors(bytes), file.metadata["format"] == Self.format,
      let words = Self.list(file.metadata["activations"]), let classes = Self.list(file.metadata["classes"])
    else { return nil }
    let activations = words.compactMap(Activation.init)
    guard activations.count == words.count else { return nil }
    var layers: [TrainedNetwork.Layer] = []
    for index in 0...activations.count {
      guard let weight = file.tensors["layers.\(index).weight"], let bias = file.tensors["layers.\(index).bias"],
        weight.shape.count == 2, bias.shape == [weight.shape[0]],
        layers.last.map({ $0.outputs == weight.shape[1] }) ?? true
      else { return nil }
      layers.append(
        TrainedNetwork.Layer(
          inputs: weight.shape[1], outputs: weight.shape[0], weights: weight.numbers, biases: bias.numbers))
    }
    let precision: Precision = file.tensors["layers.0.weight"]?.kind == .double ? .double : .single
    switch file.metadata["feature_scaling"] {
    case "none": scaling = .none
    case "divide_by_255": scaling = .pixels
    case "standardize":
      guard let means = file.tensors[Self.meanName]?.numbers,
        let deviations = file.tensors[Self.deviationName]?.numbers,
        means.count == layers[0].inputs, deviations.count == means.count
      else { return nil }
      scaling = .standard(means: means, deviations: deviations)
    default: return nil
    }
    network = TrainedNetwork(layers: layers, activations: activations, precision: precision)
    self.classes = classes
    facts = file.metadata
    for name in ["format", "activations", "output", "classes", "feature_scaling"] { facts[name] = nil }
  }

  private static func list(_ texts: [String]) -> String { JSONValue.array(texts.map { .string($0) }).canonicalText }

  private static func list(_ text: String?) -> [String]? {
    guard let text, case .array(let elements)? = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
    let texts = elements.compactMap(\.stringValue)
    return texts.count == elements.count ? texts : nil
  }
}

extension InputScaling {
  /// Its name in a file's metadata.
  var name: String {
    switch self {
    case .none: "none"
    case .pixels: "divide_by_255"
    case .standard: "standardize"
    }
  }
}
