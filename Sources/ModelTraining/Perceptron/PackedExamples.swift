import Datasets
import Foundation
import NumericKernels

/// Examples in the two layouts that training reads: lanes along the examples for the way forward, lanes along the
/// features for the way back.
///
/// Forward: (features, count), panels of examples. Backward: (count, features), panels of features. Packed panel by panel,
/// so that a pass reads memory in order; the lanes beyond the edge are zero.
final class PackedExamples<Scalar: KernelScalar>: Sendable {
  let count: Int
  let features: Int
  let labels: [Int]
  let forward: NumberBuffer<Scalar>
  /// Nil for examples that only score.
  let backward: NumberBuffer<Scalar>?

  private static var lanes: Int { Scalar.Lanes.scalarCount }

  /// Packs the examples of a part that `indices` names.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(_ part: Dataset.Part, indices: [Int], features: Int, forTraining: Bool) {
    count = indices.count
    self.features = features
    labels = indices.map { Int(part.labels[$0]) }
    let lanes = Self.lanes
    forward = NumberBuffer(features * padded(count, Scalar.self))
    backward = forTraining ? NumberBuffer(count * padded(features, Scalar.self)) : nil
    var row: [Scalar] = []
    for (place, index) in indices.enumerated() {
      let column = forward.base + place / lanes * features * lanes + place % lanes
      part.features.read(index * features..<(index + 1) * features, into: &row)
      for feature in 0..<features { column[feature * lanes] = row[feature] }
      guard let backward else { continue }
      for feature in 0..<features {
        backward.base[feature / lanes * count * lanes + place * lanes + feature % lanes] = row[feature]
      }
    }
  }

  /// Packs all examples of some parts, one part after the other, for the way forward alone.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(_ parts: [Dataset.Part], features: Int) {
    count = parts.reduce(0) { $0 + $1.count }
    self.features = features
    labels = parts.flatMap { $0.labels.map(Int.init) }
    let lanes = Self.lanes
    forward = NumberBuffer(features * padded(count, Scalar.self))
    backward = nil
    var row: [Scalar] = []
    var place = 0
    for part in parts {
      for index in 0..<part.count {
        let column = forward.base + place / lanes * features * lanes + place % lanes
        part.features.read(index * features..<(index + 1) * features, into: &row)
        for feature in 0..<features { column[feature * lanes] = row[feature] }
        place += 1
      }
    }
  }

  /// Room for a batch of examples taken from others.
  init(batchOf count: Int, features: Int) {
    self.count = count
    self.features = features
    labels = []
    forward = NumberBuffer(features * padded(count, Scalar.self))
    backward = NumberBuffer(count * padded(features, Scalar.self))
  }

  /// Lanes along examples, one row a feature.
  var forwardView: PanelView<Scalar> {
    PanelView(base: forward.base, rowStride: Self.lanes, panelStride: features * Self.lanes)
  }

  /// Lanes along features, one row an example.
  var backwardView: PanelView<Scalar>? {
    backward.map { PanelView(base: $0.base, rowStride: Self.lanes, panelStride: count * Self.lanes) }
  }

  /// Copies the examples that `indices` names, in that order; `count` of them.
  func gather(_ indices: [Int64], from all: PackedExamples, _ kernels: Kernels<Scalar>) {
    guard let target = backward, let source = all.backward else { return }
    kernels.gather(
      source.base, sourceRows: all.count, rows: indices, columns: features, copies: target.base,
      transposed: forward.base)
  }
}
