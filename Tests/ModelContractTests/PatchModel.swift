import Datasets
import NumericKernels
import SearchSpace

@testable import ModelTraining

/// A second kind of model, made up for the tests: it has no dense layer, and nothing outside this folder knows it.
enum PatchModel: TrainableModel {
  static var kind: String { "patches" }
  static var summary: String { "The mean of a convolution with one kernel for each class." }
  static var progressSetting: String { "iterations" }
  static var network: any TrainedNetwork.Type { PatchNetwork.self }
  static let parameters: [ParameterDescription] = [
    ParameterDescription(
      name: "iterations", kind: .integer(minimum: 1, maximum: 1_000_000), defaultValue: .integer(100),
      help: "How many updates."),
    ParameterDescription(
      name: "kernel", kind: .categorical(["1", "2"]), defaultValue: .string("2"), help: "The side of a kernel."),
    ParameterDescription(
      name: "learning_rate", kind: .real(minimum: 0, maximum: 10, minimumExclusive: true, maximumExclusive: false),
      defaultValue: .real(0.5), help: "The step size of an update."),
    ParameterDescription(
      name: "stride", kind: .categorical(["1", "2"]), defaultValue: .string("1"),
      help: "How far apart the places of a kernel are."),
  ]

  static func trajectory(_ request: EvaluationRequest, sharing cache: FoldCache) throws -> any TrainingTrajectory {
    FoldTrajectory(
      try trainings(request), steps: CurveSteps(batch: 0, examples: request.dataset.first.count), byteCount: 1 << 10)
  }

  static func networks(
    _ request: EvaluationRequest, after updates: Int, sharing cache: FoldCache, isCancelled: () -> Bool
  ) throws -> [TrainedFold]? {
    try TrainedFold.folds(try trainings(request), request, after: updates, isCancelled: isCancelled)
  }

  private static func trainings(_ request: EvaluationRequest) throws -> [() -> PatchTraining] {
    try FoldPlaces.of(request).map { places in { PatchTraining(request, places) } }
  }

  static func operations(
    settings: [String: ParameterValue], data: DataShape, split: ValidationSplit, repeats: Int
  ) -> Double {
    guard case .integer(let updates)? = settings[progressSetting] else { return 0 }
    let (examples, trainings) = split.trained(of: data.examples)
    return Double(updates * data.features * data.classes * trainings * repeats) * examples
  }

  static func memory(settings: [String: ParameterValue], data: DataShape, split: ValidationSplit) -> Double {
    8 * Double(data.allExamples * data.features * split.trained(of: data.examples).trainings)
  }
}

/// One fold's training by the gradient of the cross-entropy over all examples.
final class PatchTraining: FoldTraining {
  private(set) var iteration = 0
  private var network: PatchNetwork
  private let rate: Double
  /// What the kernels see of each example, and its label.
  private let parts: [FoldPart: [(mean: [Double], label: Int)]]

  init(_ request: EvaluationRequest, _ places: FoldPlaces) {
    func setting(_ name: String) -> Int {
      if case .string(let text)? = request.settings[name], let number = Int(text) { number } else { 1 }
    }
    let dataset = request.dataset
    let logits = dataset.classes.count == 2 ? 1 : dataset.classes.count
    let draw = KeyedDraw(seed: request.trainingSeed, stream: request.stream)
    var network = PatchNetwork(
      image: dataset.shape, stride: setting("stride"), side: setting("kernel"), kernels: [],
      biases: Array(repeating: 0, count: logits))
    network.kernels = (0..<logits * network.patch).map {
      draw.normals(UInt32($0), 0, 0, DrawPurpose.weights.rawValue).0
    }
    self.network = network
    rate = if case .real(let rate)? = request.settings["learning_rate"] { rate } else { 0.5 }
    let labels = dataset.first.labels + (dataset.second?.labels ?? [])
    func examples(_ places: [Int]) -> [(mean: [Double], label: Int)] {
      var examples: [(mean: [Double], label: Int)] = []
      TrainingExamples(dataset: dataset, places: places).forEach { k, features in
        examples.append((network.meanPatch(Array(features)), Int(labels[places[k]])))
      }
      return examples
    }
    parts = [.training: examples(places.training), .validation: examples(places.validation)]
  }

  /// p_c − 1 at the example's class, for each logit: the gradient of its cross-entropy.
  private func slopes(_ logits: [Double], _ label: Int) -> [Double] {
    if logits.count == 1 { return [Elementary.sigmoid(logits[0]) - (label == 1 ? 1 : 0)] }
    let top = logits.max() ?? 0
    let powers = logits.map { Elementary.exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.indices.map { powers[$0] / sum - ($0 == label ? 1 : 0) }
  }

  func advance(to target: Int, isCancelled: () -> Bool) -> TrainingStep {
    let examples = parts[.training] ?? []
    while iteration < target {
      if isCancelled() { return .cancelled }
      var next = network
      for (mean, label) in examples {
        for (unit, slope) in slopes(network.logits(ofMeanPatch: mean), label).enumerated() {
          let step = rate * slope / Double(examples.count)
          next.biases[unit] -= step
          for place in mean.indices { next.kernels[unit * network.patch + place] -= step * mean[place] }
        }
      }
      network = next
      iteration += 1
    }
    return .updated
  }

  func score(_ part: FoldPart) -> (loss: Double, accuracy: Double)? {
    let examples = parts[part] ?? []
    var (loss, right) = (0.0, 0)
    for (mean, label) in examples {
      let logits = network.logits(ofMeanPatch: mean)
      let slope = slopes(logits, label)
      loss -= Elementary.log(logits.count == 1 ? 1 - abs(slope[0]) : slope[label] + 1)
      let found = logits.count == 1 ? (logits[0] > 0 ? 1 : 0) : logits.firstIndex(of: logits.max() ?? 0)
      right += found == label ? 1 : 0
    }
    return (loss / Double(examples.count), Double(right) / Double(examples.count))
  }

  func network(_ examples: TrainingExamples, isCancelled: () -> Bool) -> (any TrainedNetwork)? { network }
}
