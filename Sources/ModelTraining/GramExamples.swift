import Datasets
import Foundation
import NumericKernels

/// All examples of a data set as the Gram layer needs them, shared by every split, fold and repeat.
///
/// `@unchecked Sendable`: `starts` and `order` are read and written under the lock alone; the rest never changes.
final class GramExamples<Scalar: KernelScalar>: @unchecked Sendable {
  /// XᵀX of all examples, the first part's before the second's: (count, count), in double precision.
  let products: [Double]
  let count: Int
  private let examples: PackedExamples<Scalar>

  /// Which first weights: rows of W₀ depend on nothing else.
  private struct Start: Hashable {
    var draw: KeyedDraw
    var deviation: Double
  }

  /// The rows of W₀X made so far. `@unchecked Sendable`: `made` is read and written under the lock alone; threads that want
  /// the same rows wait for the one that makes them, others do not.
  private final class Rows: @unchecked Sendable {
    let lock = NSLock()
    var made: [NumberBuffer<Scalar>] = []
  }

  /// How many first weights are kept.
  private static var limit: Int { 256 }

  private let lock = NSLock()
  private var starts: [Start: Rows] = [:]
  private var order: [Start] = []

  init(_ dataset: Dataset) {
    let parts = [dataset.first] + (dataset.second.map { [$0] } ?? [])
    count = parts.reduce(0) { $0 + $1.count }
    products = Self.products(PackedExamples<Double>(parts, features: dataset.features))
    examples = PackedExamples(parts, features: dataset.features)
  }

  private static func products(_ examples: PackedExamples<Double>) -> [Double] {
    let (count, features) = (examples.count, examples.features)
    let lanes = Double.Lanes.scalarCount
    let width = padded(count, Double.self)
    let block = NumberBuffer<Double>(lanes * width)
    var products = [Double](repeating: 0, count: count * count)
    for panel in 0..<width / lanes {
      // A panel's examples against themselves and all that follow: the rest is symmetric.
      let base = UnsafePointer(examples.forward.base + panel * features * lanes)
      let (rows, first) = (min(lanes, count - panel * lanes), panel * lanes)
      Kernels.current.multiply(
        StridedView(base: base, rowStride: 1, columnStride: lanes),
        PanelView(base: base, rowStride: lanes, panelStride: features * lanes), into: block.base, outStride: width,
        rows: rows, depth: features, width: count - first)
      for row in 0..<rows {
        for column in first + row..<count {
          let product = block.base[row * width + column - first]
          products[(first + row) * count + column] = product
          products[column * count + first + row] = product
        }
      }
    }
    return products
  }

  /// W₀X of so many units, a row each over all examples; rows that were made before are given again.
  func start(
    _ draw: KeyedDraw, deviation: Double, units: Int, kernels: Kernels<Scalar> = .current
  ) -> [NumberBuffer<Scalar>] {
    let rows = rows(Start(draw: draw, deviation: deviation))
    rows.lock.lock()
    defer { rows.lock.unlock() }
    guard rows.made.count < units else { return rows.made }
    let (features, first) = (examples.features, rows.made.count)
    let missing = units - first
    let width = padded(features, Scalar.self)
    let weights = NumberBuffer<Scalar>(missing * width)
    for row in 0..<missing {
      kernels.normals(
        draw, unit: first + row, layer: 0, purpose: DrawPurpose.weights.rawValue, deviation: deviation,
        into: weights.base + row * width, count: features)
    }
    let stride = padded(count, Scalar.self)
    let out = NumberBuffer<Scalar>(missing * stride)
    kernels.multiply(
      StridedView(base: weights.base, rowStride: width, columnStride: 1), examples.forwardView, into: out.base,
      outStride: stride, rows: missing, depth: features, width: count)
    for row in 0..<missing {
      let buffer = NumberBuffer<Scalar>(count)
      buffer.base.update(from: out.base + row * stride, count: count)
      rows.made.append(buffer)
    }
    return rows.made
  }

  /// Where the rows of some first weights are; the longest known leave.
  private func rows(_ key: Start) -> Rows {
    lock.lock()
    defer { lock.unlock() }
    if let found = starts[key] { return found }
    let rows = Rows()
    starts[key] = rows
    order.append(key)
    if order.count > Self.limit { starts[order.removeFirst()] = nil }
    return rows
  }
}

/// W₀X for the examples of one fold: (units, padded count) each.
struct GramStart<Scalar: KernelScalar> {
  let units: Int
  let training: NumberBuffer<Scalar>
  let validation: NumberBuffer<Scalar>
  let validationStride: Int
}

/// One fold's Gram matrices, of examples centred on the mean of those that train.
final class GramFold<Scalar: KernelScalar>: Sendable {
  private let examples: GramExamples<Scalar>
  private let places: FoldPlaces
  let trainingLabels: [Int]
  let validationLabels: [Int]
  /// (N, N) in panels of columns.
  let training: NumberBuffer<Scalar>
  /// (N, validation examples) in panels of columns.
  let validation: NumberBuffer<Scalar>
  /// (xₖ − μ)·μ of each example, padded with zeros to whole lanes.
  let doubleProjections: NumberBuffer<Double>
  let projections: NumberBuffer<Scalar>
  let validationProjections: NumberBuffer<Scalar>
  /// μ·μ.
  let meanSquare: Double

  /// How many examples train, and that padded to whole lanes.
  var count: Int { places.training.count }
  var validationCount: Int { places.validation.count }
  var stride: Int { padded(count, Scalar.self) }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(_ examples: GramExamples<Scalar>, _ places: FoldPlaces, labels: [Int]) {
    self.examples = examples
    self.places = places
    trainingLabels = places.training.map { labels[$0] }
    validationLabels = places.validation.map { labels[$0] }
    let (all, own) = (examples.count, places.training)
    let share = 1 / Double(own.count)
    // The mean's product with each example, then with itself.
    let means = (0..<all).map { example in
      own.reduce(0.0) { $0 + examples.products[example * all + $1] } * share
    }
    let square = own.reduce(0.0) { $0 + means[$1] } * share
    meanSquare = square
    func projections(_ chosen: [Int]) -> [Double] {
      let padding = padded(chosen.count, Float.self) - chosen.count
      return chosen.map { means[$0] - square } + [Double](repeating: 0, count: padding)
    }
    doubleProjections = NumberBuffer(projections(own))
    self.projections = NumberBuffer(projections(own).map { Scalar($0) })
    validationProjections = NumberBuffer(projections(places.validation).map { Scalar($0) })
    func panels(_ columns: [Int]) -> NumberBuffer<Scalar> {
      let lanes = Scalar.Lanes.scalarCount
      let buffer = NumberBuffer<Scalar>(own.count * padded(columns.count, Scalar.self))
      for (column, example) in columns.enumerated() {
        let target = buffer.base + column / lanes * own.count * lanes + column % lanes
        for (row, other) in own.enumerated() {
          let product = examples.products[other * all + example]
          target[row * lanes] = Scalar(product - (means[other] + means[example]) + square)
        }
      }
      return buffer
    }
    training = panels(own)
    validation = panels(places.validation)
  }

  /// The examples that train, as kernels want them.
  var kernelExamples: GramKernel<Scalar>.Examples {
    GramKernel.Examples(
      count: count, matrix: training, projections: projections, meanSquare: meanSquare)
  }

  /// W₀X of a training's first weights.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func start(
    _ draw: KeyedDraw, _ settings: Hyperparameters, features: Int, kernels: Kernels<Scalar> = .current
  ) -> GramStart<Scalar> {
    let units = settings.units[0]
    let rows = examples.start(
      draw, deviation: settings.initialization.deviation(inputs: features, outputs: units), units: units,
      kernels: kernels)
    func gather(_ places: [Int]) -> (NumberBuffer<Scalar>, Int) {
      let stride = padded(places.count, Scalar.self)
      let buffer = NumberBuffer<Scalar>(units * stride)
      for unit in 0..<units {
        for (column, place) in places.enumerated() { buffer.base[unit * stride + column] = rows[unit].base[place] }
      }
      return (buffer, stride)
    }
    let (training, _) = gather(places.training)
    let (validation, validationStride) = gather(places.validation)
    return GramStart(
      units: units, training: training, validation: validation, validationStride: validationStride)
  }
}
