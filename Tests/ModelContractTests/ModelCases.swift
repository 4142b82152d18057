import Datasets
import ModelTraining
import SearchSpace

/// What the contract suites ask of every kind of model: small settings made from its own descriptions, and examples that
/// any model can take.
enum ModelCases {
  /// The side of an example, large enough for every kind's standard layers.
  static let side = 16
  /// Examples of 16 × 16 numbers in 3 classes, drawn about a centre for each class; 24 of the first part, 9 of the second.
  static let dataset: Dataset = {
    var state: UInt64 = 17
    func number() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24) - 0.5
    }
    let centres = (0..<3).map { _ in (0..<side * side).map { _ in number() } }
    func part(_ count: Int) -> Dataset.Part {
      Dataset.Part(
        features: (0..<count).flatMap { example in centres[example % 3].map { $0 + 0.5 * number() } },
        labels: (0..<count).map { Int32($0 % 3) })
    }
    return Dataset(
      name: "contract", shape: [side, side, 1], classes: ["a", "b", "c"], first: part(24), second: part(9),
      sha256: "contract",
      origin: "test")
  }()

  /// One setting of each name: its default, or a small number where there is none; without where the training ends.
  static func settings(of model: any TrainableModel.Type) -> [String: ParameterValue] {
    var settings: [String: ParameterValue] = [:]
    for parameter in model.parameters where parameter.name != model.progressSetting {
      settings[parameter.name] = parameter.defaultValue ?? small(parameter.kind)
    }
    return settings
  }

  /// The same, and one more for each other name that a setting may have.
  static func variants(of model: any TrainableModel.Type) -> [[String: ParameterValue]] {
    let plain = settings(of: model)
    return [plain]
      + model.parameters.flatMap { parameter -> [[String: ParameterValue]] in
        guard case .categorical(let names) = parameter.kind else { return [] }
        return names.filter { .string($0) != plain[parameter.name] }.map { name in
          plain.merging([parameter.name: .string(name)]) { $1 }
        }
      }
  }

  private static func small(_ kind: ParameterDescription.Kind) -> ParameterValue {
    switch kind {
    case .integer(let minimum, let maximum): .integer(min(maximum, max(minimum, 3)))
    case .integers(let allowed): .integer(allowed[0])
    case .real(let minimum, let maximum, _, _): .real((minimum + maximum) / 2)
    case .categorical(let names): .string(names[0])
    case .parameterName: preconditionFailure("no setting of a model names a parameter")
    }
  }

  /// A request for one of the model's trainings.
  static func request(
    _ settings: [String: ParameterValue], split: ValidationSplit = .test, stream: UInt64 = 0, seed: UInt64 = 0
  ) -> EvaluationRequest {
    EvaluationRequest(settings: settings, dataset: dataset, split: split, stream: stream, trainingSeed: seed)
  }
}

/// A kind of model, and settings of it, for a test's arguments.
struct ModelCase: Sendable, CustomStringConvertible {
  let model: any TrainableModel.Type
  let settings: [String: ParameterValue]

  /// Every kind of the catalogue, and one that no room knows: what holds for it holds for whatever comes next.
  static let models = ModelCatalogue.all + [PatchModel.self]
  /// Every variant of every kind.
  static let all = models.flatMap { model in
    ModelCases.variants(of: model).map { ModelCase(model: model, settings: $0) }
  }
  /// One of each kind.
  static let kinds = models.map { ModelCase(model: $0, settings: ModelCases.settings(of: $0)) }

  var description: String {
    model.kind
      + settings.sorted { $0.key < $1.key }.compactMap { name, value in
        value == ModelCases.settings(of: model)[name] ? nil : " \(name)=\(value)"
      }.joined()
  }
}
