import ModelTraining
import Studies
import StudyDefinitions

/// Training a completed trial's model again, to keep it.
extension ModelTrainer {
  /// Trains the networks of one repeat's folds on the calling thread and has them kept.
  func train(_ assignment: ModelAssignment, _ model: any TrainableModel.Type) -> ModelReport {
    guard let keep else { return .failed("there is no folder to keep it in") }
    let definition = assignment.definition
    var settings = definition.settings(for: assignment.point, repeated: model.repeated)
    guard case .integer(let end)? = settings.removeValue(forKey: model.progressSetting) else {
      return .failed("the trial does not say where its training ends")
    }
    do {
      let dataset = try dataset(definition.dataset, definition.datasetSHA256)
      let request = EvaluationRequest(
        settings: settings, dataset: dataset, split: definition.trainingSplit.forTraining,
        stream: UInt64(assignment.replicate * definition.repeats + assignment.repetition),
        trainingSeed: UInt64(bitPattern: Int64(definition.trainingSeed)), testsOnSecondPart: definition.final == .second
      )
      let folds = try model.networks(request, after: end, sharing: foldCache) { assignment.cancellation.isSet }
      guard let folds else { return .returned }
      try keep(assignment, folds, dataset)
      return .kept
    } catch { return .failed("\(error)") }
  }
}
