import Datasets
import Dispatch
import ModelTraining
import Promises
import Studies
import StudyDefinitions

/// Judges the networks that a folder keeps on the examples that scored them, one trial at a time.
public struct TrialEvaluations: TrialEvaluator {
  private let folder: ModelFolder
  private let dataset: @Sendable (_ name: String, _ sha256: String) throws -> Dataset
  private let split: @Sendable (TrainingSplit) -> ValidationSplit
  /// Below the threads that answer requests: it may take minutes.
  private let queue = DispatchQueue(label: "cairn.evaluations", qos: .utility)

  /// Judges the models of a folder; `dataset` reads the data set of a content hash, and may wait; `split` says how trainings
  /// were split.
  public init(
    folder: ModelFolder, split: @escaping @Sendable (TrainingSplit) -> ValidationSplit,
    dataset: @escaping @Sendable (_ name: String, _ sha256: String) throws -> Dataset
  ) {
    (self.folder, self.split, self.dataset) = (folder, split, dataset)
  }

  public func evaluation(
    of trial: Trial, in study: Study, repetition: Int
  ) async throws(StudyError) -> TrialEvaluation? {
    let definition = study.resolved
    let read = await queue.value { [dataset, split] () -> Result<(Dataset, [[Int]]), StudyError> in
      do {
        let examples = try dataset(definition.dataset, definition.datasetSHA256)
        let request = EvaluationRequest(
          settings: [:], dataset: examples, split: split(definition.trainingSplit), stream: 0,
          trainingSeed: UInt64(bitPattern: Int64(definition.trainingSeed)))
        return .success((examples, try request.validationPlaces()))
      } catch { return .failure(.unavailable("Data set \(definition.dataset) could not be read: \(error)")) }
    }
    let (examples, places) = try read.get()
    let isSecond = places.first?.first.map { $0 >= examples.first.count } ?? false
    var found = TrialEvaluation(classes: examples.classes, part: isSecond ? .second : .first)
    // One network in memory after the other.
    for fold in places.indices {
      let key = ModelKey(study: study.id, number: trial.number, repetition: repetition, fold: fold)
      guard let model = await folder.model(key) as? ModelFile else { return nil }
      let before = found
      found = await queue.value { Self.judged(model, examples, on: places[fold], before) }
    }
    return found
  }

  /// What was found `before`, and what one more fold's network makes of the examples that score it. O(examples · `logits`).
  static func judged(
    _ model: ModelFile, _ dataset: Dataset, on places: [Int], _ before: TrialEvaluation
  ) -> TrialEvaluation {
    var found = before
    let fold = found.folds.count
    found.folds.append(
      TrialEvaluation.Fold(
        examples: places.count, accuracy: model.fact("validation_accuracy"), loss: model.fact("validation_loss")))
    let isSecond = found.part == .second
    let part = isSecond ? dataset.second ?? dataset.first : dataset.first
    var features: [Double] = []
    for place in places {
      let index = isSecond ? place - dataset.first.count : place
      part.features.read(index * dataset.features..<(index + 1) * dataset.features, into: &features)
      let label = Int(part.labels[index])
      let verdict = model.network.verdict(on: features, label: label)
      found.count(
        label, as: verdict.label,
        mistake: {
          TrialEvaluation.Mistake(
            index: index, fold: fold, label: label, predicted: verdict.label, probabilities: verdict.probabilities,
            loss: verdict.loss)
        }, loss: verdict.loss)
    }
    return found
  }
}

extension ModelFile {
  /// A metric of its training; 0 where the file has none.
  fileprivate func fact(_ name: String) -> Double { facts[name].flatMap(Double.init) ?? 0 }
}
