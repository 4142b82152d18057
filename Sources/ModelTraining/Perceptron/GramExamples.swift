import Datasets
import Foundation
import NumericKernels
import Promises

/// All examples of a data set as the Gram layer needs them, shared by every split, fold and repeat.
///
/// `@unchecked Sendable`: `starts` is read and written under the lock alone; the rest never changes.
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
  private var starts = LeastRecentlyUsed<Start, Rows>(limit: GramExamples.limit)

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

  /// Where the rows of some first weights are.
  private func rows(_ key: Start) -> Rows {
    lock.lock()
    defer { lock.unlock() }
    if let found = starts.value(for: key) { return found }
    let rows = Rows()
    starts.insert(rows, for: key)
    return rows
  }
}
