import Datasets
import JSONText
import ModelTraining
import Studies
import StudyDefinitions

extension ModelFolder {
  /// Writes the models of one repeat's folds, each with what it was trained as; on the calling thread.
  @Sendable
  public func keep(_ assignment: ModelAssignment, _ folds: [TrainedFold], _ dataset: Dataset) throws {
    let definition = assignment.definition
    for (fold, trained) in folds.enumerated() {
      let metrics = trained.metrics
      var facts = [
        "study": assignment.studyName, "trial": "\(assignment.number)", "parameters": assignment.point.key,
        "repeat": "\(assignment.repetition)", "repeats": "\(definition.repeats)", "fold": "\(fold)",
        "folds": "\(folds.count)", "dataset": definition.dataset, "dataset_sha256": dataset.sha256,
        "shape": JSONValue.array(dataset.shape.map { .number(Double($0)) }).canonicalText,
        "model": definition.modelKind, "numerics": "\(definition.numerics)",
        "validation_accuracy": JSONNumber.text(metrics.validationAccuracy),
        "validation_loss": JSONNumber.text(metrics.validationLoss),
        "train_accuracy": JSONNumber.text(metrics.trainAccuracy), "train_loss": JSONNumber.text(metrics.trainLoss),
      ]
      if let test = trained.test {
        facts[Self.testAccuracy] = JSONNumber.text(test.accuracy)
        facts[Self.testLoss] = JSONNumber.text(test.loss)
      }
      try keep(
        ModelFile(network: trained.network, scaling: dataset.inputScaling, classes: dataset.classes, facts: facts),
        as: ModelKey(
          study: assignment.study, number: assignment.number, repetition: assignment.repetition, fold: fold))
    }
  }

  private static var testAccuracy: String { "test_accuracy" }
  private static var testLoss: String { "test_loss" }

  public func testScore(_ key: ModelKey) async -> TestScore? {
    guard let facts = await facts(key), let accuracy = facts[Self.testAccuracy].flatMap(Double.init),
      let loss = facts[Self.testLoss].flatMap(Double.init)
    else { return nil }
    return TestScore(accuracy: accuracy, loss: loss)
  }
}
