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
    let request = TestData.request(TestData.settings(more), dataset, split: .folds(3))
    let first = try #require(TestData.evaluate(request).curve)
    #expect(try TestData.evaluate(request).curve == first)
    #expect(first.last?.step == 30)
    for other in [
      TestData.request(TestData.settings(more), dataset, split: .folds(3), seed: 1),
      TestData.request(TestData.settings(more), dataset, split: .folds(3), stream: 1),
    ] {
      #expect(try TestData.evaluate(other).curve?.last?.metrics != first.last?.metrics)
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

  @Test func singlePrecisionStaysNearDouble() throws {
    let single = try #require(TestData.evaluate(TestData.request(TestData.settings(), dataset, split: .test)).curve)
    let double = try #require(
      TestData.evaluate(
        TestData.request(TestData.settings(["precision": .string("float64")]), dataset, split: .test)
      ).curve)
    #expect(single.map(\.step) == double.map(\.step))
    for (a, b) in zip(single, double) { #expect(abs(a.metrics.trainLoss - b.metrics.trainLoss) < 1e-5) }
  }

  @Test func trainingLearns() throws {
    let settings = TestData.settings(["iterations": .integer(300)])
    let curve = try #require(TestData.evaluate(TestData.request(settings, dataset, split: .test)).curve)
    #expect(curve[curve.count - 1].metrics.trainLoss < 0.5 * curve[0].metrics.trainLoss)
    let many = TestData.blobs(count: 60, features: 6, classes: 5)
    let other = try #require(TestData.evaluate(TestData.request(settings, many)).curve)
    #expect(other[other.count - 1].metrics.trainAccuracy > 0.5)
  }

  @Test(arguments: ["relu", "tanh", "sigmoid"]) func aHugeStepDiverges(_ activation: String) throws {
    let settings = TestData.settings([
      "learning_rate": .real(1000), "activation_1": .string(activation), "activation_2": .string("relu"),
      "weight_decay": .real(900), "iterations": .integer(400),
    ])
    guard case .diverged(let iteration) = try TestData.evaluate(TestData.request(settings, dataset)) else {
      Issue.record("it did not diverge")
      return
    }
    #expect(iteration > 1 && iteration <= 400)
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
        settings: TestData.settings(more),
        data: DataShape(examples: 209, secondPartExamples: 50, shape: [100], classes: 2), split: .test, repeats: 1)
    }
    #expect(operations(["iterations": .integer(200)]) > operations(["iterations": .integer(100)]))
    #expect(operations(["units_1": .integer(9)]) > operations(["units_1": .integer(8)]))
  }
}
