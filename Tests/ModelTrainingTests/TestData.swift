import Datasets
import Foundation
import NumericKernels
import SearchSpace
import Testing

@testable import ModelTraining

/// Where the real data lies, and what a test may do with it.
enum TestData {
  static let folder: String =
    ProcessInfo.processInfo.environment["CAIRN_TEST_DATA"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared/data").path

  static let hasCats = FileManager.default.fileExists(atPath: folder + "/train_catvnoncat.h5")
  /// Long arithmetic takes minutes under a sanitizer, which looks for other faults.
  static let isSanitized = ProcessInfo.processInfo.environment["CAIRN_SANITIZER"] != nil

  /// What the trainings of all tests share.
  static let foldCache = FoldCache()

  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Fixtures/training")

  /// Gaussian blobs, (count, features), one for each class, made by keyed draws.
  static func blobs(count: Int, features: Int, classes: Int, second: Int = 0, seed: UInt64 = 5) -> Dataset {
    let draw = KeyedDraw(seed: seed, stream: 1)
    func part(_ range: Range<Int>) -> Dataset.Part {
      var numbers: [Float] = []
      for example in range {
        let label = example % classes
        for feature in 0..<features {
          let noise = draw.normals(UInt32(example), UInt32(feature), 0, 0).0
          let centre = draw.normals(UInt32(label), UInt32(feature), 1, 0).0
          numbers.append(Float(centre * 0.7 + noise))
        }
      }
      return Dataset.Part(features: numbers, labels: range.map { Int32($0 % classes) })
    }
    return Dataset(
      name: "blobs", shape: [features], classes: (0..<classes).map { "\($0)" }, first: part(0..<count),
      second: second == 0 ? nil : part(count..<count + second), sha256: "blobs-\(count)-\(features)-\(classes)-\(seed)",
      origin: "test")
  }

  static func settings(_ more: [String: ParameterValue] = [:]) -> [String: ParameterValue] {
    let base: [String: ParameterValue] = [
      "layers": .integer(2), "units_1": .integer(7), "units_2": .integer(4), "activation_1": .string("relu"),
      "activation_2": .string("tanh"), "learning_rate": .real(0.1), "iterations": .integer(30),
    ]
    return base.merging(more) { $1 }
  }

  static func request(
    _ settings: [String: ParameterValue], _ dataset: Dataset, split: ValidationSplit = .holdout(0.25, test: nil),
    stream: UInt64 = 0, seed: UInt64 = 0
  ) -> EvaluationRequest {
    EvaluationRequest(settings: settings, dataset: dataset, split: split, stream: stream, trainingSeed: seed)
  }

  /// What a training of its own gives at the end that the settings name.
  static func evaluate(_ request: EvaluationRequest) throws -> EvaluationOutcome {
    let end = PerceptronSettings(request.settings).iterations
    let trajectory = try MultilayerPerceptron.trajectory(request, sharing: foldCache)
    return try #require(trajectory.outcomes(after: [end], passing: { _, _ in }, isCancelled: { false })?[end])
  }
}

extension EvaluationOutcome {
  /// The readings of a training that did not diverge.
  var curve: [Reading]? {
    if case .finished(let curve) = self { return curve }
    return nil
  }
}
