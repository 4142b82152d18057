import Dispatch
import Datasets
import Foundation
import ModelTraining
import PruningRules
import SearchSpace

/// A learning curve of the built-in network at one point, and where it ends.
struct WholeCurve: Sendable {
  var curve: JudgedCurve
  var final: Double
  var iterations: Int
}

/// The learning curves of all points of a space, each trained once.
struct LearningCurves: Sendable {
  /// What is searched: 320 points on the built-in pictures.
  static let space = ParameterSpace([
    Parameter(name: "activation", domain: .categories([.string("relu"), .string("tanh")])),
    Parameter(name: "learning_rate", domain: .levels([0.0003, 0.001, 0.003, 0.0075, 0.02].map { .real($0) })),
    Parameter(name: "optimizer", domain: .categories([.string("gradient_descent"), .string("adam")])),
    Parameter(name: "units_1", domain: .levels([3, 6, 12, 25].map { .integer($0) })),
    Parameter(name: "units_2", domain: .levels([2, 4, 8, 16].map { .integer($0) })),
  ])

  private let curves: [Point: WholeCurve]

  /// Trains every point on all cores; points whose training diverges have no curve.
  init(iterations: Int, metric: String) async throws {
    guard let grid = Grid(Self.space) else { throw Fault("The space has no grid.") }
    let cache = FoldCache()
    let points = (0..<grid.count).map { grid.point(at: $0) }
    let threads = ProcessInfo.processInfo.activeProcessorCount
    curves = try await withThrowingTaskGroup(of: [Point: WholeCurve].self) { group in
      for thread in 0..<threads {
        group.addTask {
          var own: [Point: WholeCurve] = [:]
          for place in stride(from: thread, to: points.count, by: threads) {
            own[points[place]] = try Self.train(points[place], iterations: iterations, metric: metric, sharing: cache)
          }
          return own
        }
      }
      return try await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
  }

  /// The curve of a point; nil where its training diverged.
  subscript(point: Point) -> WholeCurve? { curves[point] }

  /// The best value of all points.
  func best(maximize: Bool) -> Double {
    let values = curves.values.map(\.final)
    return (maximize ? values.max() : values.min()) ?? .nan
  }

  private static func train(
    _ point: Point, iterations: Int, metric: String, sharing cache: FoldCache
  ) throws -> WholeCurve? {
    var settings = point.values
    settings["layers"] = .integer(2)
    for layer in 1...2 { settings["activation_\(layer)"] = point["activation"] }
    settings["activation"] = nil
    let request = EvaluationRequest(
      settings: settings, dataset: SyntheticImages.dataset, split: .holdout(0.2, test: nil), stream: 0, trainingSeed: 0)
    let trajectory = try MultilayerPerceptron.trajectory(request, sharing: cache)
    let outcomes = trajectory.outcomes(after: [iterations], passing: { _, _ in }, isCancelled: { false })
    guard case .finished(let readings)? = outcomes?[iterations], let last = readings.last else { return nil }
    func value(_ reading: Reading) -> Double {
      metric == "validation_loss" ? reading.metrics.validationLoss : reading.metrics.validationAccuracy
    }
    let judged = readings.dropLast().map { (step: $0.step, value: value($0)) }
    return WholeCurve(curve: JudgedCurve(judged), final: value(last), iterations: iterations)
  }
}
