import Datasets
import Foundation
import ModelTraining

/// A larger network on more data, which the Gram layer does not serve: 784-128-64-10, batches of 64, softmax.
enum DensePath {
  /// Images a second: what more epochs cost more, so that packing and readings drop out.
  ///
  /// `--optimizer gradient_descent|adam`, `--images`, `--threads` (as many trainings at once).
  static func measure(_ options: Options) throws -> [String: Any] {
    let dataset = Examples.digits(options.integer("images", 10_000))
    let optimizer = options.text("optimizer", "gradient_descent")
    let perEpoch = (dataset.first.count + 63) / 64
    let threads = options.integer("threads", 1)
    let rate = optimizer == "adam" ? 0.001 : 0.1
    var rates: [Double] = []
    _ = try seconds(dataset, optimizer, iterations: perEpoch, rate: rate, threads: threads)
    for round in 1...options.integer("repetitions", 3) {
      let changed = rate * (1 + Double(round) * 1e-6)
      let (few, many) = (perEpoch, perEpoch * options.integer("epochs", 4))
      let short = try seconds(dataset, optimizer, iterations: few, rate: rate - (changed - rate), threads: threads)
      let long = try seconds(dataset, optimizer, iterations: many, rate: changed, threads: threads)
      rates.append(Double(threads * (many - few) / perEpoch * dataset.first.count) / (long - short))
    }
    return ["images_per_second": rates.median, "threads": threads, "optimizer": optimizer, "isa": Peak.widest]
  }

  private static func seconds(
    _ dataset: Dataset, _ optimizer: String, iterations: Int, rate: Double, threads: Int
  ) throws -> Double {
    let group = DispatchGroup()
    let watch = Stopwatch()
    for thread in 0..<threads {
      group.enter()
      Thread.detachNewThread {
        let request = EvaluationRequest(
          settings: [
            "layers": .integer(2), "units_1": .integer(128), "units_2": .integer(64), "activation_1": .string("relu"),
            "activation_2": .string("relu"), "learning_rate": .real(rate), "iterations": .integer(iterations),
            "batch_size": .integer(64), "optimizer": .string(optimizer),
          ],
          dataset: dataset, split: .test, repeats: 1, replicate: 0, trainingSeed: UInt64(thread),
          metric: "validation_accuracy")
        _ = MultilayerPerceptron.evaluate(request) { false }
        group.leave()
      }
    }
    group.wait()
    return watch.seconds
  }
}
