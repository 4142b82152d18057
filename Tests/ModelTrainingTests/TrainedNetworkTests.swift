import Datasets
import NumericKernels
import SearchSpace
import Testing

@testable import ModelTraining

/// A network taken out of a training gives what the training gave.
@Suite struct TrainedNetworkTests {
  private static let variants = GramTests.variants + [["optimizer": .string("adam")]]

  /// Loss and accuracy by the network alone, on examples named by their places.
  private func score(_ network: any TrainedNetwork, _ dataset: Dataset, _ places: [Int]) -> (
    loss: Double, accuracy: Double
  ) {
    var (loss, right) = (0.0, 0)
    let labels = (dataset.first.labels + (dataset.second?.labels ?? [])).map(Int.init)
    TrainingExamples(dataset: dataset, places: places).forEach { k, features in
      let (label, probabilities) = network.prediction(for: Array(features))
      loss -= Elementary.log(probabilities[labels[places[k]]])
      if label == labels[places[k]] { right += 1 }
    }
    return (loss / Double(places.count), Double(right) / Double(places.count))
  }

  private func check<Scalar: KernelScalar>(
    _ more: [String: ParameterValue], _ split: ValidationSplit, classes: Int, within tolerance: Double,
    _ type: Scalar.Type
  ) throws {
    var dataset = TestData.blobs(count: 41, features: 90, classes: classes, second: 13)
    for part in [\Dataset.first, \Dataset.second!] {
      // Far from centred, as pixels are.
      dataset[keyPath: part].features = .numbers(dataset[keyPath: part].features.floats.map { 0.4 + 0.2 * $0 })
    }
    let settings = PerceptronSettings(TestData.settings(more.merging(["learning_rate": .real(0.02)]) { old, _ in old }))
    let request = TestData.request([:], dataset, split: split)
    let draw = KeyedDraw(seed: 3, stream: 1)
    let folds = try FoldPlaces.of(request)
    let trainings: [PerceptronTraining<Scalar>] =
      settings.optimizer.method == .adam
      ? try TestData.foldCache.folds(request, type).map {
        PerceptronTraining(settings, classes: classes, fold: $0, draw: draw)
      }
      : try TestData.foldCache.grams(request, type).map {
        PerceptronTraining(settings, classes: classes, features: 90, fold: $0, draw: draw)
      }
    for (training, fold) in zip(trainings, folds) {
      #expect(training.advance(to: 300) { false } == .updated)
      let network = try #require(
        training.network(TrainingExamples(dataset: dataset, places: fold.training)) as? PerceptronNetwork)
      #expect(network.features == 90 && network.layers.map(\.outputs) == [7, 4, classes == 2 ? 1 : classes])
      for (part, places) in [(FoldPart.training, fold.training), (.validation, fold.validation)] {
        let expected = try #require(training.score(part))
        let found = score(network, dataset, places)
        #expect(abs(found.loss - expected.loss) < tolerance, "\(more) \(split) \(part)")
        // In single precision an example may lie on the edge.
        let edge = Scalar.self == Double.self ? 0 : 1 / Double(places.count)
        #expect(abs(found.accuracy - expected.accuracy) <= edge + 1e-12)
      }
      // Nothing was compared if nothing was learnt.
      #expect(try #require(training.score(.training)).loss < (classes == 2 ? 0.68 : 1.08))
    }
  }

  @Test(arguments: variants, [ValidationSplit.test, .folds(3)])
  func doublePrecision(_ more: [String: ParameterValue], _ split: ValidationSplit) throws {
    try check(more, split, classes: 2, within: 1e-12, Double.self)
  }

  @Test(arguments: variants) func singlePrecision(_ more: [String: ParameterValue]) throws {
    try check(more, .test, classes: 2, within: 1e-5, Float.self)
  }

  @Test func moreThanTwoClasses() throws { try check([:], .test, classes: 3, within: 1e-12, Double.self) }
}
