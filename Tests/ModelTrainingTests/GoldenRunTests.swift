import Datasets
import Foundation
import NumericKernels
import Testing

@testable import ModelTraining

@Suite struct GoldenRunTests {
  struct Golden: Decodable {
    var hidden_units: [Int]
    var learning_rate: Double
    var iterations: Int
    var cost_every_100: [Double]
    var train_correct: Int
    var validation_correct: Int
  }

  /// The course's own figures, from its own weights.
  @Test(.enabled(if: TestData.hasCats && !TestData.isSanitized, "needs the real cat images (and no sanitizer)"))
  func realCatsInDoublePrecision() async throws {
    // A minute of arithmetic on a thread of its own: the other tests need the cooperative ones.
    let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: Result { try self.runRealCats() }) }
    }
    try result.get()
  }

  private func runRealCats() throws {
    let dataset = try DatasetCatalogue(folder: TestData.folder).dataset(named: "cat-vs-noncat")
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(fileURLWithPath: TestData.folder + "/golden_run_20_7_5.json")))
    let folds = try TestData.foldCache.folds(
      TestData.request([:], dataset, split: .test), Double.self)
    let settings = PerceptronSettings(
      TestData.settings([
        "layers": .integer(3), "units_1": .integer(20), "units_2": .integer(7), "units_3": .integer(5),
        "activation_2": .string("relu"), "activation_3": .string("relu"), "learning_rate": .real(golden.learning_rate),
        "iterations": .integer(golden.iterations), "precision": .string("float64"),
      ]))
    let training = PerceptronTraining<Double>(
      settings, classes: 2, fold: folds[0], draw: KeyedDraw(seed: 0, stream: 0))
    try fill(training.weights, from: TestData.folder + "/golden_weights_20_7_5.f64")
    for iteration in 0..<golden.iterations {
      #expect(training.update() == .updated)
      if iteration % 100 == 0 {
        #expect(abs(training.lastLoss - golden.cost_every_100[iteration / 100]) < 1e-9, "iteration \(iteration)")
      }
    }
    let own = try #require(training.score(.training))
    let other = try #require(training.score(.validation))
    #expect(own.accuracy == Double(golden.train_correct) / 209)
    #expect(other.accuracy == Double(golden.validation_correct) / 50)
  }

  private func fill(_ weights: Weights<Double>, from path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    var place = 0
    for layer in 0..<weights.shape.depth {
      weights.biases[layer].clear()
      for unit in 0..<weights.shape.sizes[layer + 1] {
        for input in 0..<weights.shape.sizes[layer] {
          let bits = data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self) }
          weights.matrices[layer].base[unit * weights.stride(layer) + input] = Double(
            bitPattern: UInt64(littleEndian: bits))
          place += 1
        }
      }
    }
    #expect(place * 8 == data.count)
  }

  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var settings: [String: Setting]
    var classes: Int
    var seed: UInt64
    var stream: UInt64
    var costs: [Double]
    var testDescription: String { name }

    enum Setting: Decodable, Sendable {
      case integer(Int)
      case real(Double)
      case text(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Int.self) {
          self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
          self = .real(value)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }
  }

  struct Fixture: Decodable {
    var features: Int
    var images: String
    var two_class_labels: [Int32]
    var four_class_labels: [Int32]
    var cases: [Case]
  }

  static let fixture: Fixture? = try? JSONDecoder().decode(
    Fixture.self, from: Data(contentsOf: TestData.fixtures.appendingPathComponent("golden_synthetic.json")))

  /// Costs that an independent NumPy program computed (`Tests/Fixtures/training/make_golden.py`): it draws its own weights,
  /// masks and batches from the same documented counters.
  @Test(arguments: fixture?.cases ?? []) func syntheticImages(_ golden: Case) throws {
    let fixture = try #require(Self.fixture)
    let bytes = try #require(Data(base64Encoded: fixture.images))
    let labels = golden.classes == 2 ? fixture.two_class_labels : fixture.four_class_labels
    let part = Dataset.Part(pixels: [UInt8](bytes), labels: labels)
    let packed = PackedExamples<Double>(
      part, indices: Array(0..<labels.count), features: fixture.features, forTraining: true)
    let settings = PerceptronSettings(
      golden.settings.mapValues { setting in
        switch setting {
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .text(let value): .string(value)
        }
      })
    let training = PerceptronTraining<Double>(
      settings, classes: golden.classes, fold: PackedFold(training: packed, validation: packed),
      draw: KeyedDraw(seed: golden.seed, stream: golden.stream))
    for (iteration, cost) in golden.costs.enumerated() {
      #expect(training.update() == .updated)
      #expect(abs(training.lastLoss - cost) < 1e-9, "\(golden.name), iteration \(iteration)")
    }
  }

  @Test func theFixtureHasEveryKind() throws {
    let names = try #require(Self.fixture).cases.map(\.name)
    for kind in ["plain", "momentum", "adam", "dropout", "mini-batch", "softmax", "weight decay"] {
      #expect(names.contains { $0.contains(kind) }, "\(kind)")
    }
  }
}
