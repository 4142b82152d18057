import Datasets
import Foundation
import ModelTraining
import NumericKernels

/// Larger networks on more data, which the Gram layer does not serve, in batches of 64 with softmax: 784-128-64-10, or LeNet-5
/// with relu, average pooling and no padding.
enum DensePath {
  /// How many updates are timed together. Readings of the learning curve lie much further apart, so that the median of
  /// many such stretches has none.
  private static let stretch = 60

  private static let foldCache = FoldCache()

  /// Images a second, packing and readings left out.
  ///
  /// `--network dense|lenet`, `--optimizer gradient_descent|adam`, `--images`, `--threads` (as many trainings at once), `--epochs`.
  static func measure(_ options: Options) throws -> [String: Any] {
    let dataset = Examples.digits(options.integer("images", 10_000))
    let optimizer = options.text("optimizer", "gradient_descent")
    let threads = options.integer("threads", 1)
    let isLeNet = options.text("network", "dense") == "lenet"
    let perEpoch = (dataset.first.count + 63) / 64
    let stretches = max(3, options.integer("epochs", 4) * perEpoch / stretch)
    let rates = Rates()
    let group = DispatchGroup()
    for thread in 0..<threads {
      group.enter()
      Thread.detachNewThread {
        if let seconds = try? secondsOfUpdate(
          dataset, isLeNet, optimizer, seed: thread, stretches: stretches)
        {
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
    _ dataset: Dataset, _ isLeNet: Bool, _ optimizer: String, seed: Int, stretches: Int
  ) throws -> Double {
    let model: any TrainableModel.Type = isLeNet ? ConvolutionalModel.self : MultilayerPerceptron.self
    var settings = Dictionary(
      uniqueKeysWithValues: model.parameters.compactMap { setting in setting.defaultValue.map { (setting.name, $0) } })
    if !isLeNet {
      settings.merge(["layers": .integer(2), "units_1": .integer(128), "units_2": .integer(64)]) { $1 }
    }
    settings["learning_rate"] = .real(optimizer == "adam" ? 0.001 : 0.1)
    settings["batch_size"] = .integer(64)
    settings["optimizer"] = .string(optimizer)
    let request = EvaluationRequest(
      settings: settings, dataset: dataset, split: .test, stream: 0, trainingSeed: UInt64(seed))
    let training = try model.trajectory(request, sharing: foldCache)
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
