import Datasets
import JSONText
import ModelTraining
import Studies

/// A trained network with all that scoring new examples takes, as one file.
///
/// The network says itself what of it is kept; this knows no layer. The file adds how examples are scaled, the names of
/// the classes, and facts.
public struct ModelFile: Sendable, ScoringModel {
  public var network: any TrainedNetwork
  /// What makes features of an example's numbers.
  public var scaling: InputScaling
  /// The classes' names, in the order of their labels.
  public var classes: [String]
  /// What else a person or a program may want to know, by name.
  public var facts: [String: String]

  /// Makes a file; `facts` has none of the names that the file or the network has for itself.
  public init(network: any TrainedNetwork, scaling: InputScaling, classes: [String], facts: [String: String]) {
    self.network = network
    self.scaling = scaling
    self.classes = classes
    self.facts = facts
  }

  public var features: Int { network.features }

  public func prediction(for numbers: [Double]) -> (label: Int, probabilities: [Double]) {
    network.prediction(for: scaling.features(of: numbers))
  }

  private static let formatName = "format"
  private static let classesName = "classes"
  private static let scalingName = "feature_scaling"
  private static let meanName = "features.mean"
  private static let deviationName = "features.deviation"

  /// The file's bytes, in the safetensors layout.
  public var bytes: [UInt8] {
    let stored = network.stored
    var metadata = facts.merging(stored.settings) { $1 }
    metadata[Self.formatName] = type(of: network).format
    metadata[Self.classesName] = JSONValue(texts: classes).canonicalText
    metadata[Self.scalingName] = scaling.name
    var tensors = stored.tensors
    if case .standard(let means, let deviations) = scaling {
      tensors[Self.meanName] = StoredTensor(precision: .double, shape: [means.count], numbers: means)
      tensors[Self.deviationName] = StoredTensor(precision: .double, shape: [deviations.count], numbers: deviations)
    }
    return Safetensors(metadata: metadata, tensors: tensors).bytes
  }

  /// Reads what `bytes` gave, where the network is that of one of the models; nil for anything else.
  public init?(_ bytes: [UInt8], models: [any TrainableModel.Type] = ModelCatalogue.all) {
    guard let file = try? Safetensors(bytes), let format = file.metadata[Self.formatName],
      let kind = models.first(where: { $0.network.format == format })?.network,
      let network = kind.init(StoredNetwork(settings: file.metadata, tensors: file.tensors)),
      let classes = JSONValue.texts(in: file.metadata[Self.classesName])
    else { return nil }
    switch file.metadata[Self.scalingName] {
    case "none": scaling = .none
    case "divide_by_255": scaling = .pixels
    case "standardize":
      guard let means = file.tensors[Self.meanName]?.numbers,
        let deviations = file.tensors[Self.deviationName]?.numbers,
        means.count == network.features, deviations.count == means.count
      else { return nil }
      scaling = .standard(means: means, deviations: deviations)
    default: return nil
    }
    self.network = network
    self.classes = classes
    let own = [Self.formatName, Self.classesName, Self.scalingName] + network.stored.settings.keys
    facts = file.metadata.filter { !own.contains($0.key) }
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
