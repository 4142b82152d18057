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
      // What is kept in single precision is rounded once: the first layer of one trained among its examples is a sum in
      // double precision.
      let isExact = fold.network.precision == .double
      #expect(isExact ? read == file : ModelFile(read.bytes) == read && read.network.precision == .single)
      let example = (0..<16).map { Double($0) / 16 }
      let (kept, trained) = (read.prediction(for: example), fold.network.prediction(for: example))
      for (a, b) in zip(kept.probabilities, trained.probabilities) { #expect(abs(a - b) <= (isExact ? 0 : 1e-5)) }
      // Cut anywhere, it is no model.
      for end in stride(from: 0, to: bytes.count, by: 7) { #expect(ModelFile(Array(bytes[..<end])) == nil) }
    }
  }
}
