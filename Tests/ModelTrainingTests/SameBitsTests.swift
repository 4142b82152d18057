import Datasets
import NumericKernels
import SearchSpace
import Testing

@testable import ModelTraining

/// The bits of a training depend on its settings alone: not on the instruction set, on how many updates one call makes, or
/// on where scores are read.
@Suite struct SameBitsTests {
  static let variants: [[String: ParameterValue]] = [
    [:], ["momentum": .real(0.9)], ["weight_decay": .real(0.05)],
    ["momentum": .real(0.5), "weight_decay": .real(0.01), "activation_1": .string("sigmoid")],
    ["layers": .integer(1), "activation_1": .string("tanh")],
    ["layers": .integer(3), "units_1": .integer(20), "units_2": .integer(7), "units_3": .integer(5)],
    [
      "layers": .integer(4), "units_1": .integer(35), "units_2": .integer(1), "units_3": .integer(9),
      "units_4": .integer(2),
    ],
  ]
  static let batched: [[String: ParameterValue]] = [
    ["batch_size": .integer(8), "momentum": .real(0.5)], ["dropout": .real(0.3)],
    ["batch_size": .integer(7), "dropout": .real(0.2), "weight_decay": .real(0.01)],
    ["optimizer": .string("adam"), "learning_rate": .real(0.01)],
  ]

  private func request(_ classes: Int, _ split: ValidationSplit = .test) -> EvaluationRequest {
    TestData.request([:], TestData.blobs(count: 45, features: 83, classes: classes, second: 21), split: split)
  }

  private func gram<Scalar: KernelScalar>(
    _ more: [String: ParameterValue], _ type: Scalar.Type, classes: Int = 2, set: InstructionSet = .current,
    mayFuse: Bool = true
  ) throws -> PerceptronTraining<Scalar> {
    let settings = PerceptronSettings(TestData.settings(["learning_rate": .real(0.03)].merging(more) { $1 }))
    let fold = try TestData.foldCache.grams(request(classes), type)[0]
    // W₀X is kept for each draw: another stream for each instruction set makes each compute its own.
    return PerceptronTraining(
      settings, classes: classes, features: 83, fold: fold, draw: KeyedDraw(seed: 3, stream: 1),
      kernels: Scalar.kernels(set), mayFuse: mayFuse)
  }

  /// All that a training has learnt and scores.
  private func state<Scalar: KernelScalar>(_ training: PerceptronTraining<Scalar>) throws -> [Double] {
    let (own, other) = try (#require(training.score(.training)), #require(training.score(.validation)))
    let weights = training.weights
    return [own.loss, own.accuracy, other.loss, other.accuracy]
      + (weights.hasFirst ? weights.matrices : Array(weights.matrices.dropFirst())).flatMap { buffer in
        (0..<buffer.count).map { Double(buffer.base[$0]) }
      } + weights.biases.flatMap { buffer in (0..<buffer.count).map { Double(buffer.base[$0]) } }
  }

  @Test(arguments: variants, [2, 4]) func oneCallOrOneForEachPart(
    _ more: [String: ParameterValue], _ classes: Int
  ) throws {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) throws {
      let whole = try gram(more, type, classes: classes)
      let parts = try gram(more, type, classes: classes, mayFuse: false)
      #expect(whole.advance(to: 60) { false } == .updated && parts.advance(to: 60) { false } == .updated)
      #expect(try state(whole) == state(parts))
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: variants + batched) func resumedOrNot(_ more: [String: ParameterValue]) throws {
    func trained(_ stops: [Int], reads: [FoldPart]) throws -> [Double] {
      let isAdam = more["optimizer"] != nil
      let training = try isAdam ? dense(more, Float.self, .current) : gram(more, Float.self)
      for stop in stops {
        #expect(training.advance(to: stop) { false } == .updated)
        for part in reads { _ = training.score(part) }
      }
      return try state(training)
    }
    let straight = try trained([50], reads: [])
    #expect(try trained([1, 20, 21, 50], reads: []) == straight)
    #expect(try trained([3, 20, 40, 50], reads: [.training]) == straight)
    #expect(try trained(Array(1...50), reads: [.validation, .training]) == straight)
  }

  private func dense<Scalar: KernelScalar>(
    _ more: [String: ParameterValue], _ type: Scalar.Type, _ set: InstructionSet
  ) throws -> PerceptronTraining<Scalar> {
    let settings = PerceptronSettings(TestData.settings(["learning_rate": .real(0.03)].merging(more) { $1 }))
    let fold = try TestData.foldCache.folds(request(2), type)[0]
    return PerceptronTraining(
      settings, classes: 2, fold: fold, draw: KeyedDraw(seed: 3, stream: 1), kernels: Scalar.kernels(set))
  }

  @Test(arguments: variants + batched) func anyInstructionSet(_ more: [String: ParameterValue]) throws {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) throws {
      var states: [[Double]] = []
      for set in InstructionSet.available where set.isFused {
        let plain = try dense(more, type, set)
        #expect(plain.advance(to: 30) { false } == .updated)
        var both = try state(plain)
        if more["optimizer"] == nil {
          let gram = try gram(more, type, set: set)
          #expect(gram.advance(to: 30) { false } == .updated)
          both += try state(gram)
        }
        states.append(both)
      }
      for other in states.dropFirst() { #expect(other == states[0]) }
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// W₀X is kept where it was computed once, so what each instruction set makes of it is compared here.
  @Test func firstWeightsOfAnyInstructionSet() {
    let dataset = request(2).dataset
    var rows: [[Float]] = []
    for set in InstructionSet.available where set.isFused {
      let examples = GramExamples<Float>(dataset)
      let start = examples.start(
        KeyedDraw(seed: 8, stream: 2), deviation: 0.3, units: 7, kernels: Float.kernels(set))
      rows.append(start.flatMap { buffer in (0..<examples.count).map { buffer.base[$0] } })
    }
    for other in rows.dropFirst() { #expect(other == rows[0]) }
  }

  /// A relu unit that no example reaches any more is left out of the updates: without a change of bits.
  @Test func deadUnitsRest() throws {
    let more: [String: ParameterValue] = ["units_1": .integer(16), "activation_2": .string("relu")]
    let whole = try gram(more, Float.self)
    let parts = try gram(more, Float.self, mayFuse: false)
    for training in [whole, parts] {
      for unit in [3, 4, 15] { training.weights.biases[0].base[unit] = -1000 }
    }
    for target in [10, 100, 101, 300] {
      #expect(whole.advance(to: target) { false } == .updated && parts.advance(to: target) { false } == .updated)
      #expect(try state(whole) == state(parts))
    }
    let pass = whole.trainingPass
    let dead = (0..<16).filter { unit in
      (0..<45).allSatisfy { pass.outputs[0].base[unit * pass.logitStride + $0] == 0 }
    }
    #expect(Set(dead).isSuperset(of: [3, 4, 15]))
  }
}
