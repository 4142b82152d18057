import Datasets
import NumericKernels
import SearchSpace
import Testing

@testable import ModelTraining

/// The last part of a hold-out: nothing learns from it, and the network alone is scored on it.
@Suite struct TestPartTests {
  private let split = ValidationSplit.holdout(0.25, test: 0.25)

  @Test func nothingElseHasIt() throws {
    let dataset = TestData.blobs(count: 60, features: 5, classes: 3)
    let places = try #require(FoldPlaces.of(TestData.request([:], dataset, split: split)).first)
    #expect(places.test.count == 15 && places.validation.count == 15 && places.training.count == 30)
    #expect(Set(places.test + places.validation + places.training) == Set(0..<60))
  }

  @Test(arguments: [2, 3]) func theNetworkIsScoredOnIt(_ classes: Int) throws {
    let dataset = TestData.blobs(count: 60, features: 5, classes: classes)
    let request = TestData.request(TestData.settings(["precision": .string("float64")]), dataset, split: split)
    let places = try #require(FoldPlaces.of(request).first)
    let fold = try #require(
      MultilayerPerceptron.networks(request, after: 80, sharing: TestData.foldCache) { false }?.first)
    let test = try #require(fold.test)
    var (loss, right) = (0.0, 0.0)
    for place in places.test {
      let features = dataset.first.features.floats[place * 5..<(place + 1) * 5].map(Double.init)
      let (label, probabilities) = fold.network.prediction(for: features)
      let own = Int(dataset.first.labels[place])
      loss -= Elementary.log(probabilities[own])
      right += label == own ? 1 : 0
    }
    #expect(abs(test.loss - loss / 15) < 1e-12 && test.accuracy == right / 15)
    // Examples of its own, another score.
    #expect(test.loss != fold.metrics.validationLoss)
    // The same formula gives what the training itself scored.
    let validation = try #require(
      fold.network.score(TrainingExamples(dataset: dataset, places: places.validation)))
    #expect(abs(validation.loss - fold.metrics.validationLoss) < 1e-9)
    #expect(validation.accuracy == fold.metrics.validationAccuracy)
  }

  /// A share is set aside before folds divide the rest, and the same whatever the folds.
  @Test func foldsLeaveAShareAside() throws {
    let dataset = TestData.blobs(count: 60, features: 5, classes: 3, second: 12)
    var aside: Set<[Int]> = []
    for count in [2, 4] {
      let request = TestData.request([:], dataset, split: .folds(count, test: 0.25))
      let folds = try FoldPlaces.of(request)
      #expect(folds.count == count)
      aside.formUnion(folds.map(\.test))
      let kept = Set(0..<60).subtracting(folds[0].test)
      #expect(folds.flatMap(\.validation).sorted() == kept.sorted())
      for fold in folds { #expect(Set(fold.training + fold.validation) == kept && fold.test.count == 15) }
      // What is scored at the end goes through every fold's network.
      let networks = try #require(
        MultilayerPerceptron.networks(
          TestData.request(TestData.settings(), dataset, split: .folds(count, test: 0.25)), after: 5,
          sharing: TestData.foldCache
        ) { false })
      #expect(networks.count == count && networks.allSatisfy { $0.test != nil })
    }
    let whole = try FoldPlaces.of(TestData.request([:], dataset, split: .testSettingAside(0.25)))
    aside.formUnion(whole.map(\.test))
    #expect(whole[0].training.count == 45 && whole[0].validation == Array(60..<72))
    #expect(aside.count == 1)
  }

  /// The second part is what networks are scored on at the end, where the request says so.
  @Test(arguments: [ValidationSplit.holdout(0.25, test: nil), .folds(2)])
  func theSecondPartIsScoredAtTheEnd(_ split: ValidationSplit) throws {
    let dataset = TestData.blobs(count: 60, features: 5, classes: 2, second: 20)
    var request = TestData.request(TestData.settings(["precision": .string("float64")]), dataset, split: split)
    #expect(try FoldPlaces.scored(request).allSatisfy { $0.test.isEmpty })
    request.testsOnSecondPart = true
    let folds = try #require(MultilayerPerceptron.networks(request, after: 40, sharing: TestData.foldCache) { false })
    #expect(folds.count == (split == .folds(2) ? 2 : 1))
    for fold in folds {
      let score = try #require(fold.network.score(TrainingExamples(dataset: dataset, places: Array(60..<80))))
      #expect(fold.test == score)
    }
  }

  @Test func otherSplitsHaveNone() throws {
    let dataset = TestData.blobs(count: 60, features: 5, classes: 2)
    for split in [ValidationSplit.holdout(0.25, test: nil), .folds(2)] {
      let folds = try #require(
        MultilayerPerceptron.networks(
          TestData.request(TestData.settings(), dataset, split: split), after: 5, sharing: TestData.foldCache
        ) { false })
      #expect(folds.allSatisfy { $0.test == nil })
    }
  }
}
