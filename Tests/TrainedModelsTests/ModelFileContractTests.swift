import Datasets
import ModelTraining
import TestSupport
import Testing

@testable import TrainedModels

/// Networks of every kind of model are kept in files, and come back as they were.
@Suite struct ModelFileContractTests {
  @Test(arguments: ModelCase.all) func aSavedNetworkComesBack(_ model: ModelCase) throws {
    let folds = try #require(
      try model.model.networks(
        ModelCases.request(model.settings, split: .folds(2)), after: 5, sharing: FoldCache(), isCancelled: { false }))
    for fold in folds {
      let file = ModelFile(
        network: fold.network, scaling: .none, classes: ModelCases.dataset.classes, facts: ["model": model.model.kind])
      let bytes = file.bytes
      let read = try #require(ModelFile(bytes))
      #expect(read == file && read.network == fold.network)
      let example = (0..<16).map { Double($0) / 16 }
      #expect(read.prediction(for: example).probabilities == file.prediction(for: example).probabilities)
      // Cut anywhere, it is no model.
      for end in stride(from: 0, to: bytes.count, by: 7) { #expect(ModelFile(Array(bytes[..<end])) == nil) }
    }
  }
}
