import Datasets
import NumericKernels
import SearchSpace
import Testing

@testable import ModelTraining

@Suite struct TrainingTests {
  let dataset = TestData.blobs(count: 48, features: 6, classes: 2, second: 20)

  static let variants: [[String: ParameterValue]] = [
    [:], ["optimizer": .string("adam"), "learning_rate": .real(0.01)], ["dropout": .real(0.3)],
    ["batch_size": .integer(7), "momentum": .real(0.8)], ["precision": .string("float64"), "weight_decay": .real(0.1)],
  ]

  @Test(arguments: variants) func theSameTwice(_ more: [String: ParameterValue]) throws {
    let request = TestData.request(TestData.settings(more), dataset, split: .folds(3), repeats: 2)
    let first = try #require(TestData.evaluate(request).result)
    #expect(TestData.evaluate(request).result == first)
    #expect(first.scores.count == 2 && first.curve.last?.step == 30)
    var other = request
    other.trainingSeed = 1
    #expect(TestData.evaluate(other).result?.metrics != first.metrics)
  }

  /// Nothing at iteration t depends on how many iterations follow, or on where scores are read.
  @Test(arguments: variants) func aLongerTrainingBeginsTheSame(_ more: [String: ParameterValue]) throws {
    func run(_ iterations: Int) throws -> EvaluationResult {
      let settings = TestData.settings(more.merging(["iterations": .integer(iterations)]) { $1 })
      return try #require(TestData.evaluate(TestData.request(settings, dataset, split: .test)).result)
    }
    let long = try run(100)
    for iterations in [2, 10, 44, 50, 98] {
      let short = try run(iterations)
      let reading = long.curve.first { $0.step == iterations }
      #expect(reading?.metrics == short.metrics, "\(iterations)")
    }
  }

  @Test func readingSteps() {
    for iterations in [1, 2, 49, 50, 51, 99, 700, 1_000_000] {
      let steps = MultilayerPerceptron.readingSteps(iterations)
      #expect(steps.last == iterations && steps.count <= 200 && steps == Array(Set(steps)).sorted() && steps[0] >= 1)
    }
  }

  @Test func aWiderLayerOnlyAddsRows() {
    let draw = KeyedDraw(seed: 9, stream: 2)
    let narrow = Weights<Float>(NetworkShape(features: 11, units: [3, 2], classes: 2))
    let wide = Weights<Float>(NetworkShape(features: 11, units: [5, 2], classes: 2))
    narrow.initialize(draw, .lecun)
    wide.initialize(draw, .lecun)
    for index in 0..<3 * narrow.stride(0) { #expect(narrow.matrices[0].base[index] == wide.matrices[0].base[index]) }
  }

  @Test func weightsHaveTheVarianceAskedFor() {
    let weights = Weights<Double>(NetworkShape(features: 400, units: [100], classes: 2))
    for (initialization, variance) in [(Initialization.lecun, 1.0 / 400), (.he, 2.0 / 400), (.xavier, 2.0 / 500)] {
      weights.initialize(KeyedDraw(seed: 1, stream: 0), initialization)
      var squares = 0.0
      for unit in 0..<100 {
        for input in 0..<400 {
          squares +=
            weights.matrices[0].base[unit * weights.stride(0) + input]
            * weights.matrices[0].base[unit * weights.stride(0) + input]
        }
      }
      #expect(abs(squares / 40_000 / variance - 1) < 0.05)
    }
  }

  @Test func streamsOfRepeatsAndReplicatesMeet() throws {
    let settings = TestData.settings()
    let two = try #require(TestData.evaluate(TestData.request(settings, dataset, split: .test, repeats: 2)).result)
    let second = try #require(TestData.evaluate(TestData.request(settings, dataset, split: .test, replicate: 1)).result)
    #expect(two.scores[1] == second.scores[0])
  }

  @Test func singlePrecisionStaysNearDouble() throws {
    let single = try #require(TestData.evaluate(TestData.request(TestData.settings(), dataset, split: .test)).result)
    let double = try #require(
      TestData.evaluate(
        TestData.request(TestData.settings(["precision": .string("float64")]), dataset, split: .test)
      ).result)
    for (a, b) in zip(single.curve, double.curve) { #expect(abs(a.metrics.trainLoss - b.metrics.trainLoss) < 1e-5) }
  }

  @Test func trainingLearns() throws {
    let settings = TestData.settings(["iterations": .integer(300)])
    let result = try #require(TestData.evaluate(TestData.request(settings, dataset, split: .test)).result)
    #expect(result.metrics.trainLoss < 0.5 * result.curve[0].metrics.trainLoss)
    let many = TestData.blobs(count: 60, features: 6, classes: 5)
    let other = try #require(TestData.evaluate(TestData.request(settings, many)).result)
    #expect(other.metrics.trainAccuracy > 0.5)
  }

  @Test(arguments: ["relu", "tanh", "sigmoid"]) func aHugeStepDiverges(_ activation: String) {
    let settings = TestData.settings([
      "learning_rate": .real(1000), "activation_1": .string(activation), "activation_2": .string("relu"),
      "weight_decay": .real(900), "iterations": .integer(400),
    ])
    guard case .diverged(let iteration) = TestData.evaluate(TestData.request(settings, dataset)) else {
      Issue.record("it did not diverge")
      return
    }
    #expect(iteration > 1 && iteration <= 400)
  }

  @Test func cancellationIsSeen() {
    let request = TestData.request(TestData.settings(["iterations": .integer(1_000_000)]), dataset)
    var asked = 0
    let outcome = MultilayerPerceptron.evaluate(request) {
      asked += 1
      return asked > 20
    }
    #expect(outcome == .cancelled)
  }

  @Test func everyBatchOrderMeetsEveryExample() {
    for (count, size) in [(10, 3), (10, 5), (10, 9), (7, 1)] {
      let order = BatchOrder(count: count, size: size, draw: KeyedDraw(seed: 2, stream: 0))
      let perEpoch = (count + size - 1) / size
      for epoch in 0..<3 {
        let batches = (0..<perEpoch).map { order.batch(epoch * perEpoch + $0) }
        #expect(Set(batches.flatMap { $0 }) == Set(0..<count) && batches.map(\.count).reduce(0, +) == count)
        #expect((0..<perEpoch).map { order.size(ofBatch: $0) } == batches.map(\.count))
      }
    }
  }

  @Test func costsRiseWithEverySetting() {
    func operations(_ more: [String: ParameterValue]) -> Double {
      MultilayerPerceptron.operations(
        settings: TestData.settings(more), examples: 209, secondPartExamples: 50, features: 100, classes: 2,
        split: .test,
        repeats: 1)
    }
    #expect(operations(["iterations": .integer(200)]) > operations(["iterations": .integer(100)]))
    #expect(operations(["units_1": .integer(9)]) > operations(["units_1": .integer(8)]))
  }
}
