import Datasets
import NumericKernels

/// All examples of a data set, (count, features) row-major, padded to whole lanes; every fold reads those that it needs.
final class PictureExamples<Scalar: KernelScalar>: Sendable {
  let stride: Int
  /// Of the first part, then of the second.
  let labels: [Int]
  private let rows: NumberBuffer<Scalar>

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(_ dataset: Dataset) {
    let parts = [dataset.first, dataset.second].compactMap { $0 }
    stride = padded(dataset.features, Scalar.self)
    labels = parts.flatMap { $0.labels.map(Int.init) }
    rows = NumberBuffer(labels.count * stride)
    var row: [Scalar] = []
    var place = 0
    for part in parts {
      for index in 0..<part.count {
        part.features.read(index * dataset.features..<(index + 1) * dataset.features, into: &row)
        row.withUnsafeBufferPointer { numbers in
          if let base = numbers.baseAddress { (rows.base + place * stride).update(from: base, count: numbers.count) }
        }
        place += 1
      }
    }
  }

  var base: UnsafePointer<Scalar> { UnsafePointer(rows.base) }
}

/// Which examples one training of a network uses, by their places among all.
struct PictureFold<Scalar: KernelScalar>: Sendable {
  let examples: PictureExamples<Scalar>
  let training: [Int]
  let validation: [Int]
}

/// What a convolutional network makes of a fold's examples.
extension FoldCache {
  /// The folds of a request, which share the examples.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func pictures<Scalar: KernelScalar>(
    _ request: EvaluationRequest, _ type: Scalar.Type
  ) throws -> [PictureFold<Scalar>] {
    let key = Key(
      sha256: request.dataset.sha256, precision: Precision(of: type), layout: "convolutional/examples")
    let examples = kept(key) { PictureExamples<Scalar>(request.dataset) }
    return try FoldPlaces.of(request).map {
      PictureFold(examples: examples, training: $0.training, validation: $0.validation)
    }
  }
}
