import Datasets
import StudyDefinitions

extension DatasetFacts {
  /// What validation must know of a data set of the catalogue.
  public init(_ description: DatasetDescription) {
    self.init(
      name: description.name, examples: description.examples, secondPartExamples: description.secondPartExamples,
      shape: description.shape, classes: description.classes, examplesPerClass: description.examplesPerClass,
      secondPartExamplesPerClass: description.secondPartExamplesPerClass,
      sha256: description.sha256, origin: description.origin)
  }
}
