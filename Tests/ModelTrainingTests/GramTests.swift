import Datasets
import NumericKernels
import SearchSpace
import Testing

@testable import ModelTraining

/// Training in the space of the examples, against the plain first layer.
@Suite struct GramTests {
  static let variants: [[String: ParameterValue]] = [
    [:], ["momentum": .real(0.9)], ["weight_decay": .real(0.05)], ["dropout": .real(0.3)],
    ["batch_size": .integer(8)],
    ["batch_size": .integer(7), "momentum": .real(0.5), "weight_decay": .real(0.01), "dropout": .real(0.2)],
  ]

  /// More features than examples, and far from centred, as pixels are.
  private func dataset() -> Dataset {
    var dataset = TestData.blobs(count: 41, features: 90, classes: 2, second: 13)
    for part in [\Dataset.first, \Dataset.second!] {
      let numbers = dataset[keyPath: part].features.floats.map { 0.4 + 0.2 * $0 }
      dataset[keyPath: part].features = .numbers(numbers)
    }
    return dataset
  }

  private func settings(_ more: [String: ParameterValue]) -> PerceptronSettings {
    PerceptronSettings(TestData.settings(more.merging(["learning_rate": .real(0.02)]) { old, _ in old }))
  }

  private func both<Scalar: KernelScalar>(
    _ settings: PerceptronSettings, _ split: ValidationSplit, _ type: Scalar.Type
  ) throws -> [(PerceptronTraining<Scalar>, PerceptronTraining<Scalar>)] {
    let data = dataset()
    let request = TestData.request([:], data, split: split)
    let draw = KeyedDraw(seed: 3, stream: 1)
    return try zip(TestData.foldCache.folds(request, type), TestData.foldCache.grams(request, type)).map {
      plain, gram in
      (
        PerceptronTraining(settings, classes: 2, fold: plain, draw: draw),
        PerceptronTraining(settings, classes: 2, features: 90, fold: gram, draw: draw)
      )
    }
  }

  @Test(arguments: variants, [ValidationSplit.test, .folds(3), .holdout(0.25, test: 0.1)])
  func doublePrecisionIsThePlainLayers(_ more: [String: ParameterValue], _ split: ValidationSplit) throws {
    for (plain, gram) in try both(settings(more), split, Double.self) {
      for iteration in 1...500 {
        #expect(plain.update() == .updated && gram.update() == .updated)
        try #require(abs(plain.lastLoss - gram.lastLoss) < 1e-12, "iteration \(iteration)")
        if iteration % 100 == 0 {
          for part in [FoldPart.training, .validation] {
            let (a, b) = try (#require(plain.score(part)), #require(gram.score(part)))
            #expect(abs(a.loss - b.loss) < 1e-12 && a.accuracy == b.accuracy)
          }
        }
      }
      // Nothing was compared if nothing was learnt.
      #expect(try #require(gram.score(.training)).loss < 0.68)
    }
  }

  @Test(arguments: variants) func singlePrecisionStaysNearDouble(_ more: [String: ParameterValue]) throws {
    let single = try both(settings(more), .test, Float.self)[0].1
    let double = try both(settings(more), .test, Double.self)[0].0
    for iteration in 1...100 {
      #expect(single.update() == .updated && double.update() == .updated)
      #expect(abs(single.lastLoss - double.lastLoss) < 1e-5, "iteration \(iteration)")
    }
  }

  /// The same on the course's images, far from centred and with 59 features to an example.
  @Test(.enabled(if: TestData.hasCats && !TestData.isSanitized, "needs the real cat images (and no sanitizer)"))
  func singlePrecisionOnRealCats() throws {
    let dataset = try DatasetCatalogue(folder: TestData.folder).dataset(named: "cat-vs-noncat")
    let request = TestData.request([:], dataset, split: .test)
    let settings = PerceptronSettings(
      TestData.settings([
        "layers": .integer(3), "units_1": .integer(20), "units_2": .integer(7), "units_3": .integer(5),
        "activation_2": .string("relu"), "activation_3": .string("relu"), "learning_rate": .real(0.0075),
      ]))
    func training<Scalar: KernelScalar>(_ type: Scalar.Type) throws -> PerceptronTraining<Scalar> {
      let fold = try TestData.foldCache.grams(request, type)[0]
      return PerceptronTraining(settings, classes: 2, features: 12288, fold: fold, draw: KeyedDraw(seed: 1, stream: 0))
    }
    let (single, double) = (try training(Float.self), try training(Double.self))
    for iteration in 1...100 {
      #expect(single.update() == .updated && double.update() == .updated)
      #expect(abs(single.lastLoss - double.lastLoss) < 1e-5, "iteration \(iteration)")
    }
  }

  @Test func itIsChosenWhereItAppliesAndPays() {
    func isGram(_ more: [String: ParameterValue], examples: Int = 209, features: Int = 12288) -> Bool {
      FirstLayerChoice.isGram(
        PerceptronSettings(TestData.settings(more)),
        DataShape(examples: examples, secondPartExamples: 50, shape: [features], classes: 2))
    }
    #expect(isGram([:]) && isGram(["momentum": .real(0.9), "batch_size": .integer(16)]))
    #expect(!isGram(["optimizer": .string("adam")]))
    #expect(isGram([:], examples: 200, features: 100) && !isGram([:], examples: 201, features: 100))
    #expect(!isGram([:], examples: 2000))
  }
}
