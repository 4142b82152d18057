import Datasets
import Foundation
import ModelTraining
import Studies
import Testing

@testable import TrainedModels

/// Networks of every kind of model are kept in files, and come back as they were.
@Suite struct ModelFileContractTests {
  private static let example = (0..<ModelCases.dataset.features).map { Double($0 % 16) / 16 }

  private func folds(_ model: ModelCase) throws -> [TrainedFold] {
    try #require(
      try model.model.networks(
        ModelCases.request(model.settings, split: .folds(2)), after: 5, sharing: FoldCache(), isCancelled: { false }))
  }

  private func file(_ fold: TrainedFold, _ model: ModelCase) -> ModelFile {
    ModelFile(
      network: fold.network, scaling: .none, classes: ModelCases.dataset.classes, facts: ["model": model.model.kind])
  }

  @Test(arguments: ModelCase.all) func aSavedNetworkComesBack(_ model: ModelCase) throws {
    for fold in try folds(model) {
      #expect(type(of: fold.network) == model.model.network)
      let file = file(fold, model)
      let bytes = file.bytes
      let read = try #require(ModelFile(bytes, models: ModelCase.models))
      #expect(type(of: read.network) == model.model.network && read.facts == file.facts)
      #expect(read.classes == file.classes && read.scaling == file.scaling)
      // What is kept in single precision is rounded once: the first layer of one trained among its examples is a sum in
      // double precision.
      let (kept, trained) = (read.network.stored, fold.network.stored)
      #expect(
        kept.settings == trained.settings && kept.tensors.mapValues(\.shape) == trained.tensors.mapValues(\.shape))
      #expect(kept.tensors.mapValues(\.precision) == trained.tensors.mapValues(\.precision))
      let isExact = trained.tensors.values.allSatisfy { $0.precision == .double }
      #expect(isExact ? kept == trained : read.bytes == bytes)
      let (found, expected) = (read.prediction(for: Self.example), fold.network.prediction(for: Self.example))
      for (a, b) in zip(found.probabilities, expected.probabilities) { #expect(abs(a - b) <= (isExact ? 0 : 1e-5)) }
      #expect(abs(found.probabilities.reduce(0, +) - 1) < 1e-12 && found.probabilities.count == 3)
      // Cut anywhere, it is no model.
      for end in stride(from: 0, to: bytes.count, by: 7) {
        #expect(ModelFile(Array(bytes[..<end]), models: ModelCase.models) == nil)
      }
    }
  }

  /// The folder that the service predicts from knows no kind of model, either.
  @Test(arguments: ModelCase.kinds) func aKeptModelPredicts(_ model: ModelCase) async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = ModelFolder(folder: path, models: ModelCase.models)
    let (key, fold) = (ModelKey(study: UUID(), number: 1), try folds(model)[0])
    try folder.keep(file(fold, model), as: key)
    let kept = try #require(await folder.model(key))
    #expect(kept.features == ModelCases.dataset.features && kept.classes == ModelCases.dataset.classes)
    #expect(kept.prediction(for: Self.example).label == fold.network.prediction(for: Self.example).label)
  }

  /// A file without one of its tensors or settings, or with a tensor of another shape, is no model.
  @Test(arguments: ModelCase.kinds) func whatDoesNotFitIsNoNetwork(_ model: ModelCase) throws {
    let stored = try folds(model)[0].network.stored
    let kind = model.model.network
    #expect(kind.init(stored) != nil)
    for name in stored.tensors.keys {
      var lacking = stored
      lacking.tensors[name] = nil
      #expect(kind.init(lacking) == nil, "\(name)")
      var bent = stored
      bent.tensors[name]?.shape.append(2)
      #expect(kind.init(bent) == nil, "\(name)")
    }
    #expect(kind.init(StoredNetwork()) == nil)
  }

  @Test func aModelThatIsNotInTheCatalogueIsNotRead() throws {
    let model = ModelCase(model: PatchModel.self, settings: ModelCases.settings(of: PatchModel.self))
    #expect(ModelFile(file(try folds(model)[0], model).bytes) == nil)
  }
}
