import Datasets
import Foundation
import NumericKernels
import SearchSpace
import Testing

@testable import ModelTraining

/// The convolutional network: its gradient, the bits of its trainings, and what it cannot be trained on.
@Suite struct ConvolutionalTests {
  static let base: [String: ParameterValue] = [
    "convolutions": .integer(2), "filters_1": .integer(3), "kernel_1": .integer(3), "filters_2": .integer(4),
    "kernel_2": .integer(2), "layers": .integer(1), "units_1": .integer(6), "activation_1": .string("tanh"),
    "activation_2": .string("sigmoid"), "activation_3": .string("tanh"), "precision": .string("float64"),
    "learning_rate": .real(0.1),
  ]
  static let variants: [[String: ParameterValue]] = [
    [:], ["pool_1": .integer(2)], ["pool_1": .integer(3), "pooling": .string("max"), "padding": .string("same")],
    ["pool_2": .integer(2), "pooling": .string("max")],
    ["padding": .string("same"), "stride_1": .integer(2), "kernel_2": .integer(4)],
    ["stride_1": .integer(2), "kernel_1": .integer(4), "convolutions": .integer(1), "pool_1": .integer(2)],
    [
      "padding": .string("same"), "stride_2": .integer(3), "kernel_2": .integer(5), "layers": .integer(2),
      "units_2": .integer(3),
    ],
  ]

  /// Pictures of 9 × 8 in two channels, drawn about a centre for each class.
  static func pictures(_ count: Int, classes: Int) -> Dataset {
    var dataset = TestData.blobs(count: count, features: 9 * 8 * 2, classes: classes, second: 11)
    dataset.shape = [9, 8, 2]
    return dataset
  }

  private func training<Scalar: KernelScalar>(
    _ more: [String: ParameterValue], _ type: Scalar.Type, count: Int = 21, classes: Int = 3,
    kernels: Kernels<Scalar> = .current
  ) throws -> ConvolutionalTraining<Scalar> {
    let dataset = Self.pictures(count, classes: classes)
    let settings = ConvolutionalSettings(Self.base.merging(more) { $1 })
    let shape = try #require(ConvolutionalShape(settings, DataShape(dataset)))
    #expect(shape.shrunk == nil)
    let fold = PictureFold(
      examples: PictureExamples<Scalar>(dataset), training: Array(0..<count), validation: Array(count..<count + 11))
    return ConvolutionalTraining(
      ConvolutionalPasses(settings, shape, kernels: kernels), fold: fold, draw: KeyedDraw(seed: 3, stream: 1))
  }

  // MARK: The gradient

  /// Against central differences of the loss; 70 examples are more than one chunk.
  @Test(arguments: variants, [21, 70]) func centralDifferences(_ more: [String: ParameterValue], _ count: Int) throws {
    for classes in [2, 3] {
      let training = try training(more, Double.self, count: count, classes: classes)
      let weights = training.weights
      for (index, bias) in weights.biases.enumerated() {
        for unit in 0..<weights.shape.matrix(index).outputs {
          bias.base[unit] = 0.2 * KeyedDraw(seed: 5, stream: 2).normals(UInt32(unit), UInt32(index), 0, 9).0
        }
      }
      let before = (weights.matrices + weights.biases).map { buffer in (0..<buffer.count).map { buffer.base[$0] } }
      #expect(training.update() == .updated)
      for (buffer, numbers) in zip(weights.matrices + weights.biases, before) {
        for (index, number) in numbers.enumerated() { buffer.base[index] = number }
      }
      let gradient = training.lastGradient
      var checked = 0
      for layer in 0..<weights.shape.layers {
        let (inputs, outputs) = weights.shape.matrix(layer)
        var places = (0..<outputs).map { (weights.biases[layer], gradient.biases[layer], $0) }
        for number in stride(from: 0, to: inputs * outputs, by: max(1, inputs * outputs / 12)) {
          places.append(
            (
              weights.matrices[layer], gradient.matrices[layer],
              number / inputs * weights.stride(layer) + number % inputs
            ))
        }
        for (numbers, slopes, index) in places {
          let (old, step) = (numbers.base[index], 1e-6)
          func loss(_ number: Double) throws -> Double {
            numbers.base[index] = number
            return try #require(training.score(.training)).loss
          }
          let difference = try (loss(old + step) - loss(old - step)) / (2 * step)
          numbers.base[index] = old
          #expect(abs(difference - slopes.base[index]) < 1e-7 + 1e-5 * abs(difference))
          checked += 1
        }
      }
      #expect(checked > 30)
    }
  }

  // MARK: Bits

  /// All that a training has learnt and scores.
  private func state<Scalar: KernelScalar>(_ training: ConvolutionalTraining<Scalar>) throws -> [Double] {
    let (own, other) = try (#require(training.score(.training)), #require(training.score(.validation)))
    return [own.loss, own.accuracy, other.loss, other.accuracy]
      + (training.weights.matrices + training.weights.biases).flatMap { buffer in
        (0..<buffer.count).map { Double(buffer.base[$0]) }
      }
  }

  static let trained: [[String: ParameterValue]] =
    variants + [
      ["batch_size": .integer(8), "momentum": .real(0.5), "pool_1": .integer(2)],
      ["batch_size": .integer(7), "dropout": .real(0.2), "weight_decay": .real(0.01)],
      ["optimizer": .string("adam"), "learning_rate": .real(0.01), "activation_1": .string("relu")],
    ]

  @Test(arguments: trained) func anyInstructionSet(_ more: [String: ParameterValue]) throws {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) throws {
      var states: [[Double]] = []
      for set in InstructionSet.available where set.isFused {
        let training = try training(more, type, count: 70, kernels: Scalar.kernels(set))
        #expect(training.advance(to: 12) { false } == .updated)
        states.append(try state(training))
      }
      for other in states.dropFirst() { #expect(other == states[0]) }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: trained) func resumedOrNot(_ more: [String: ParameterValue]) throws {
    let straight = try training(more, Float.self)
    #expect(straight.advance(to: 9) { false } == .updated)
    let stopped = try training(more, Float.self)
    for stop in [1, 4, 5, 9] {
      // Cancelled within an update, nothing of it is left.
      var asked = 0
      _ = stopped.advance(to: 9) {
        asked += 1
        return asked == 3
      }
      guard stopped.iteration < stop else { continue }
      #expect(stopped.advance(to: stop) { false } == .updated)
      _ = stopped.score(.validation)
    }
    #expect(stopped.iteration == 9)
    #expect(try state(stopped) == state(straight))
  }

  /// The network that is kept gives what the training scores, in double precision.
  @Test(arguments: variants) func theNetworkIsTheTraining(_ more: [String: ParameterValue]) throws {
    let training = try training(more, Double.self)
    #expect(training.advance(to: 5) { false } == .updated)
    let dataset = Self.pictures(21, classes: 3)
    let validation = TrainingExamples(dataset: dataset, places: Array(21..<32))
    let network = try #require(training.network(validation) { false } as? ConvolutionalNetwork)
    let (found, expected) = try (#require(network.score(validation)), #require(training.score(.validation)))
    #expect(abs(found.loss - expected.loss) < 1e-9 && found.accuracy == expected.accuracy)
    #expect(try #require(ConvolutionalNetwork(network.stored)) == network)
    #expect(network.stored.tensors["layers.0.weight"]?.shape.count == 4)
  }

  @Test func damagedNetworksAreRefused() throws {
    let training = try training([:], Double.self)
    let network = try #require(
      training.network(TrainingExamples(dataset: Self.pictures(21, classes: 3), places: [])) { false })
    for name in network.stored.settings.keys where name != "output" {
      var stored = network.stored
      stored.settings[name] = "[\"1 2 3\"]"
      #expect(ConvolutionalNetwork(stored) == nil, "\(name)")
    }
    for name in network.stored.tensors.keys {
      var stored = network.stored
      stored.tensors[name] = nil
      #expect(ConvolutionalNetwork(stored) == nil, "\(name)")
    }
  }

  // MARK: Golden runs

  struct Fixture: Decodable {
    var shape: [Int]
    var images: String
    var two_class_labels: [Int32]
    var four_class_labels: [Int32]
    var cases: [GoldenRunTests.Case]
  }

  static let fixture: Fixture? = try? JSONDecoder().decode(
    Fixture.self, from: Data(contentsOf: TestData.fixtures.appendingPathComponent("golden_cnn.json")))

  /// Costs that an independent NumPy program computed (`Tests/Fixtures/training/make_golden_cnn.py`).
  @Test(arguments: fixture?.cases ?? []) func golden(_ golden: GoldenRunTests.Case) throws {
    let fixture = try #require(Self.fixture)
    let bytes = try #require(Data(base64Encoded: fixture.images))
    let labels = golden.classes == 2 ? fixture.two_class_labels : fixture.four_class_labels
    let dataset = Dataset(
      name: "golden", shape: fixture.shape, classes: (0..<golden.classes).map { "\($0)" },
      first: Dataset.Part(pixels: [UInt8](bytes), labels: labels), second: nil, sha256: "golden", origin: "test")
    let settings = ConvolutionalSettings(golden.settings.mapValues(\.value))
    let shape = try #require(ConvolutionalShape(settings, DataShape(dataset)))
    let places = Array(labels.indices)
    let training = ConvolutionalTraining<Double>(
      ConvolutionalPasses(settings, shape),
      fold: PictureFold(examples: PictureExamples(dataset), training: places, validation: places),
      draw: KeyedDraw(seed: golden.seed, stream: golden.stream))
    for (iteration, cost) in golden.costs.enumerated() {
      #expect(training.update() == .updated)
      #expect(abs(training.lastLoss - cost) < 1e-9, "\(golden.name), iteration \(iteration)")
    }
  }

  @Test func theFixtureHasEveryKind() throws {
    let names = try #require(Self.fixture).cases.map(\.name)
    for kind in [
      "plain", "momentum", "adam", "dropout", "mini-batch", "softmax", "weight decay", "average pooling",
      "max pooling", "stride", "same padding",
    ] {
      #expect(names.contains { $0.contains(kind) }, "\(kind)")
    }
  }

  // MARK: What cannot be trained

  private func choices(_ more: [String: [ParameterValue]]) -> [String: [ParameterValue]] {
    Self.base.mapValues { [$0] }.merging(more) { $1 }
  }

  @Test func aLayerThatLeavesNothingIsNamed() throws {
    func reason(_ more: [String: [ParameterValue]], _ shape: [Int] = [9, 8, 2]) -> String? {
      ConvolutionalModel.infeasibility(
        choices(more), data: DataShape(examples: 9, secondPartExamples: 0, shape: shape, classes: 2))
    }
    #expect(reason([:]) == nil)
    #expect(
      reason(["kernel_1": [.integer(9)]])
        == "convolution 1: its kernel of 9 × 9 does not fit into its input, which is 9 × 8")
    #expect(reason(["kernel_2": [.integer(9)]])?.hasPrefix("convolution 2: ") == true)
    #expect(
      reason(["kernel_1": [.integer(7)], "pool_1": [.integer(3)]])
        == "convolution 1: pooling by 3 leaves nothing of its output, which is 3 × 2")
    #expect(reason(["kernel_1": [.integer(15)], "padding": [.string("same")]]) == nil)
    // One value of many that leaves something is enough.
    #expect(reason(["kernel_1": [.integer(3), .integer(15)]]) == nil)
    #expect(reason(["kernel_1": [.integer(15)], "padding": [.string("valid"), .string("same")]]) == nil)
    #expect(reason(["kernel_2": [.integer(15)], "convolutions": [.integer(1), .integer(2)]]) == nil)
    #expect(reason(["stride_1": [.integer(4)], "kernel_2": [.integer(3)]]) != nil)
  }

  @Test func dataWithoutHeightAndWidthIsRefused() {
    func refusal(_ shape: [Int]) -> String? {
      ConvolutionalModel.refusal(of: DataShape(examples: 9, secondPartExamples: 0, shape: shape, classes: 2))
    }
    #expect(refusal([28, 28]) == nil && refusal([64, 64, 3]) == nil)
    #expect(refusal([4])?.contains("4 numbers") == true)
    let request = TestData.request(Self.base, TestData.blobs(count: 9, features: 4, classes: 2))
    #expect(throws: (any Error).self) { try ConvolutionalModel.trajectory(request, sharing: FoldCache()) }
  }
}

extension GoldenRunTests.Case.Setting {
  var value: ParameterValue {
    switch self {
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .text(let value): .string(value)
    }
  }
}
