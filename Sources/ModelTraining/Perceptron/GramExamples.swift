import Datasets
import Foundation
import NumericKernels
import Promises

/// All examples of a data set as the Gram layer needs them, shared by every split, fold and repeat.
final class GramExamples<Scalar: KernelScalar>: Sendable {
  /// XᵀX of all examples, the first part's before the second's: (count, count), in double precision.
  let products: [Double]
  let count: Int
  private let examples: PackedExamples<Scalar>

  /// Which first weights: rows of W₀ depend on nothing else.
  private struct Start: Hashable {
    var draw: KeyedDraw
    var deviation: Double
  }

  /// The rows of W₀X made so far. Threads that want the same rows wait for the one that makes them, others do not.
  private typealias Rows = Locked<[NumberBuffer<Scalar>]>

  /// How many first weights are kept.
  private static var limit: Int { 256 }

  private let starts = Locked(LeastRecentlyUsed<Start, Rows>(limit: GramExamples.limit))

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

  /// W₀X of `units` units, a row each over all examples; rows that were made before are given again.
  func start(
    _ draw: KeyedDraw, deviation: Double, units: Int, kernels: Kernels<Scalar> = .current
  ) -> [NumberBuffer<Scalar>] {
    rows(Start(draw: draw, deviation: deviation)).withLock { made in
      if made.count < units { made += rows(made.count..<units, draw, deviation: deviation, kernels) }
      return made
    }
  }

  /// W₀X of some units, a row each over all examples.
  private func rows(
    _ units: Range<Int>, _ draw: KeyedDraw, deviation: Double, _ kernels: Kernels<Scalar>
  ) -> [NumberBuffer<Scalar>] {
    let features = examples.features
    let width = padded(features, Scalar.self)
    let weights = NumberBuffer<Scalar>(units.count * width)
    for (row, unit) in units.enumerated() {
      kernels.normals(
        draw, unit: unit, layer: 0, purpose: DrawPurpose.weights.rawValue, deviation: deviation,
        into: weights.base + row * width, count: features)
    }
    let stride = padded(count, Scalar.self)
    let out = NumberBuffer<Scalar>(units.count * stride)
    kernels.multiply(
      StridedView(base: weights.base, rowStride: width, columnStride: 1), examples.forwardView, into: out.base,
      outStride: stride, rows: units.count, depth: features, width: count)
    return (0..<units.count).map { row in
      let buffer = NumberBuffer<Scalar>(count)
      buffer.base.update(from: out.base + row * stride, count: count)
      return buffer
    }
  }

  /// Where the rows of some first weights are.
  private func rows(_ key: Start) -> Rows {
    starts.withLock { starts in
      if let found = starts.value(for: key) { return found }
      let rows = Rows([])
      starts.insert(rows, for: key)
      return rows
    }
  }
}
