import Datasets

/// The examples of a training: a first layer that is trained in their space needs them to give its weights.
struct TrainingExamples {
  let dataset: Dataset
  /// Those that train, by their places among all: the first part's, then the second's.
  let places: [Int]

  /// Calls `body` with each example's place among those that train and its features, (D) in double precision; false
  /// where `isCancelled` said so in between.
  @discardableResult
  func forEach(
    isCancelled: () -> Bool = { false }, _ body: (_ k: Int, _ features: UnsafeBufferPointer<Double>) -> Void
  ) -> Bool {
    let (own, width) = (dataset.first.count, dataset.features)
    var row: [Double] = []
    for (k, place) in places.enumerated() {
      if isCancelled() { return false }
      let (part, index) = place < own ? (dataset.first, place) : (dataset.second ?? dataset.first, place - own)
      part.features.read(index * width..<(index + 1) * width, into: &row)
      row.withUnsafeBufferPointer { body(k, $0) }
    }
    return true
  }
}
