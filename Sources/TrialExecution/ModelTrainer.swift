import Datasets
import Foundation
import ModelTraining
import Studies
import StudyDefinitions

/// Turns an assignment into a training and its outcome into a report.
public struct ModelTrainer: Sendable {
  /// The data set of a content hash.
  public var dataset: @Sendable (_ name: String, _ sha256: String) throws -> Dataset

  /// Makes a trainer that reads data sets by `dataset`.
  public init(dataset: @escaping @Sendable (_ name: String, _ sha256: String) throws -> Dataset) {
    self.dataset = dataset
  }

  /// Trains on the calling thread until done, diverged or cancelled.
  public func callAsFunction(_ assignment: TrialAssignment) -> TrialReport {
    let definition = assignment.definition
    guard let model = ModelCatalogue.named(definition.modelKind) else {
      return .failed(message: "This version has no model of kind \(definition.modelKind).", class: .error)
    }
    let examples: Dataset
    do {
      examples = try dataset(definition.dataset, definition.datasetSHA256)
    } catch {
      return .failed(message: "Data set \(definition.dataset) could not be read: \(error)", class: .io)
    }
    let request = EvaluationRequest(
      settings: definition.settings(for: assignment.point), dataset: examples, split: definition.split.forTraining,
      repeats: definition.repeats, replicate: assignment.replicate,
      trainingSeed: UInt64(bitPattern: Int64(definition.trainingSeed)), metric: definition.metric)
    let start = Self.threadSeconds()
    let outcome = model.evaluate(request) { assignment.cancellation.isSet }
    let seconds = Self.threadSeconds() - start
    switch outcome {
    case .cancelled: return .returned
    case .diverged: return .infeasible(reason: "diverged", computeSeconds: seconds)
    case .finished(let result):
      return .completed(
        scores: result.scores, metrics: result.metrics.named,
        curve: result.curve.map { CurvePoint(step: $0.step, metrics: $0.metrics.named) }, computeSeconds: seconds)
    }
  }

  /// Processor time of the calling thread, in seconds.
  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension SplitDefinition {
  /// The split as the training room knows it.
  public var forTraining: ValidationSplit {
    switch self {
    case .test: .test
    case .holdout(let share, let test): .holdout(share, test: test)
    case .folds(let count): .folds(count)
    }
  }
}

extension TrainingMetrics {
  /// The metrics by their names in the contract.
  var named: [String: Double] {
    [
      "validation_accuracy": validationAccuracy, "validation_loss": validationLoss,
      "train_accuracy": trainAccuracy, "train_loss": trainLoss,
    ]
  }
}
