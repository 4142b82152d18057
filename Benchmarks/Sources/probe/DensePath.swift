import Datasets
import Foundation
import ModelTraining
import NumericKernels

/// A larger network on more data, which the Gram layer does not serve: 784-128-64-10, batches of 64, softmax.
enum DensePath {
  /// How many updates are timed together. Readings of the learning curve lie much further apart, so that the median of
  /// many such stretches has none.
  private static let stretch = 60

  private static let foldCache = FoldCache()

  /// Images a second, packing and readings left out.
  ///
  /// `--optimizer gradient_descent|adam`, `--images`, `--threads` (as many trainings at once), `--epochs`.
  static func measure(_ options: Options) throws -> [String: Any] {
    let dataset = Examples.digits(options.integer("images", 10_000))
    let optimizer = options.text("optimizer", "gradient_descent")
    let threads = options.integer("threads", 1)
    let perEpoch = (dataset.first.count + 63) / 64
    let stretches = max(3, options.integer("epochs", 4) * perEpoch / stretch)
    let rates = Rates()
    let group = DispatchGroup()
    for thread in 0..<threads {
      group.enter()
      Thread.detachNewThread {
        if let seconds = try? secondsOfUpdate(dataset, optimizer, seed: thread, stretches: stretches) {
          rates.add(Double(dataset.first.count) / Double(perEpoch) / seconds)
        }
        group.leave()
      }
    }
    group.wait()
    guard rates.all.count == threads else { throw ProbeFault("a training did not finish") }
    return [
      "images_per_second": rates.all.reduce(0, +), "threads": threads, "optimizer": optimizer,
      "isa": InstructionSet.current.rawValue,
    ]
  }

  private static func secondsOfUpdate(
    _ dataset: Dataset, _ optimizer: String, seed: Int, stretches: Int
  ) throws -> Double {
    let request = EvaluationRequest(
      settings: [
        "layers": .integer(2), "units_1": .integer(128), "units_2": .integer(64), "activation_1": .string("relu"),
        "activation_2": .string("relu"), "learning_rate": .real(optimizer == "adam" ? 0.001 : 0.1),
        "batch_size": .integer(64), "optimizer": .string(optimizer),
      ],
      dataset: dataset, split: .test, stream: 0, trainingSeed: UInt64(seed))
    let training = try MultilayerPerceptron.trajectory(request, sharing: foldCache)
    var end = 0
    func advance(_ updates: Int) -> Double {
      end += updates
      let watch = Stopwatch()
      _ = training.outcomes(after: [end], passing: { _, _ in }, isCancelled: { false })
      return watch.seconds
    }
    _ = advance(stretch)
    // Each end is read, which one update with its reading tells apart.
    var (long, short): ([Double], [Double]) = ([], [])
    for _ in 0..<stretches {
      long.append(advance(stretch))
      short.append(advance(1))
    }
    return (long.median - short.median) / Double(stretch - 1)
  }

  /// Collects what each thread measured.
  ///
  /// `@unchecked Sendable`: `rates` is read and written under the lock alone.
  private final class Rates: @unchecked Sendable {
    private let lock = NSLock()
    private var rates: [Double] = []

    var all: [Double] { lock.withLock { rates } }
    func add(_ rate: Double) { lock.withLock { rates.append(rate) } }
  }
}
