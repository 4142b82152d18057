import Datasets
import Foundation
import ModelTraining
import NumericKernels

/// The reference trial: 12288-20-7-5-1, relu, learning rate 0.0075, all 209 images in every update.
enum ReferenceTrial {
  /// What trials of one process share, as in the service.
  private static let foldCache = FoldCache()

  /// A training anew, which nothing that was trained before shortens; it gives the seconds that it takes.
  private static func seconds(
    _ dataset: Dataset, iterations: Int, rate: Double = 0.0075, seed: UInt64 = 0
  ) throws -> (wall: Double, processor: Double) {
    let request = EvaluationRequest(
      settings: [
        "layers": .integer(3), "units_1": .integer(20), "units_2": .integer(7), "units_3": .integer(5),
        "activation_1": .string("relu"), "activation_2": .string("relu"), "activation_3": .string("relu"),
        "learning_rate": .real(rate),
      ],
      dataset: dataset, split: .test, stream: 0, trainingSeed: seed)
    let watch = Stopwatch()
    let outcomes = try MultilayerPerceptron.trajectory(request, sharing: foldCache).outcomes(
      after: [iterations], passing: { _, _ in }, isCancelled: { false })
    guard case .finished? = outcomes?[iterations] else { throw ProbeFault("the training did not finish") }
    return (watch.seconds, watch.processorSeconds)
  }

  /// Whole trials, the readings of the learning curve included: the first of a process, those that share their first
  /// weights with one before (as the points of a grid do), and those with weights of their own.
  static func measure(_ options: Options) throws -> [String: Any] {
    let dataset = try Examples.cats(options)
    let iterations = options.integer("iterations", 2000)
    let first = try seconds(dataset, iterations: iterations)
    var (shared, own): ([(wall: Double, processor: Double)], [(wall: Double, processor: Double)]) = ([], [])
    for round in 1...options.integer("repetitions", 5) {
      // Another learning rate, so that nothing that was trained can serve again.
      let rate = 0.0075 * (1 + Double(round) * 1e-6)
      shared.append(try seconds(dataset, iterations: iterations, rate: rate))
      own.append(try seconds(dataset, iterations: iterations, seed: UInt64(round)))
    }
    return [
      "dataset": dataset.name, "iterations": iterations, "first_seconds": first.wall,
      "first_processor_seconds": first.processor, "shared_seconds": shared.map(\.wall).median,
      "shared_processor_seconds": shared.map(\.processor).median, "own_seconds": own.map(\.wall).median,
      "own_processor_seconds": own.map(\.processor).median, "isa": InstructionSet.current.rawValue,
    ]
  }

  /// One update: what more iterations cost more, so that readings and preparation drop out.
  static func measureStep(_ options: Options) throws -> [String: Any] {
    let dataset = try Examples.cats(options)
    let (few, many) = (options.integer("few", 1000), options.integer("many", 5000))
    _ = try seconds(dataset, iterations: few)
    var updates: [Double] = []
    for round in 1...options.integer("repetitions", 7) {
      let (slow, fast) = (0.0075 * (1 + Double(round) * 1e-6), 0.0075 * (1 - Double(round) * 1e-6))
      let short = try seconds(dataset, iterations: few, rate: slow)
      let long = try seconds(dataset, iterations: many, rate: fast)
      updates.append((long.processor - short.processor) / Double(many - few))
    }
    let count = Double(dataset.first.count)
    // The Gram layer's one product, and three of each layer behind it.
    let first = 2 * 20 * count * count
    let operations = first + 6 * count * (20 * 7 + 7 * 5 + 5 * 1)
    return [
      "seconds": updates.median, "best_seconds": updates.min() ?? .nan, "operations": operations,
      "first_layer_operations": first, "isa": InstructionSet.current.rawValue,
    ]
  }
}
