import Datasets
import NumericKernels

/// What a perceptron makes of a fold's examples.
extension FoldCache {
  /// The packed folds of a request; made once, and by one thread at a time.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func folds<Scalar: KernelScalar>(_ request: EvaluationRequest, _ type: Scalar.Type) throws -> [PackedFold<Scalar>] {
    let dataset = request.dataset
    let own = dataset.first.count
    func pack(_ places: [Int], forTraining: Bool) -> PackedExamples<Scalar> {
      // A fold lies in one part.
      if let second = dataset.second, let first = places.first, first >= own {
        return PackedExamples(
          second, indices: places.map { $0 - own }, features: dataset.features, forTraining: forTraining)
      }
      return PackedExamples(dataset.first, indices: places, features: dataset.features, forTraining: forTraining)
    }
    return try kept(key("perceptron/packed", request, type)) {
      try FoldPlaces.of(request).map {
        PackedFold(
          training: pack($0.training, forTraining: true), validation: pack($0.validation, forTraining: false))
      }
    }
  }

  /// The Gram matrices of a request's folds.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func grams<Scalar: KernelScalar>(_ request: EvaluationRequest, _ type: Scalar.Type) throws -> [GramFold<Scalar>] {
    let dataset = request.dataset
    let whole = Key(sha256: dataset.sha256, precision: Precision(of: type), layout: "perceptron/examples")
    let examples = kept(whole) { GramExamples<Scalar>(dataset) }
    return try kept(key("perceptron/gram", request, type)) {
      let labels = (dataset.first.labels + (dataset.second?.labels ?? [])).map(Int.init)
      return try FoldPlaces.of(request).map { GramFold(examples, $0, labels: labels) }
    }
  }

  private func key<Scalar: KernelScalar>(_ layout: String, _ request: EvaluationRequest, _ type: Scalar.Type) -> Key {
    // The data set's own parts need no draw.
    Key(
      sha256: request.dataset.sha256, precision: Precision(of: type), layout: layout, split: request.split,
      seed: request.split == .test ? 0 : request.trainingSeed)
  }
}
