/// What candidates are compared by: w v + (1 − w) d, the smallest first.
///
/// v is the surrogate's value, from 0 for the least of the candidates to 1 for the largest; d tells how near the candidate is
/// to a point that has a trial, from 0 for the farthest to 1 for the nearest (Regis and Shoemaker 2013).
struct SurrogateScores: Sendable {
  /// w of one suggestion after another: from the search for what is far to the search for what is good.
  static let weights = [0.3, 0.5, 0.8, 0.95]

  /// By candidate.
  let values: [Double]

  /// The scores of candidates.
  init(_ answers: [(value: Double, distance: Double)], weight: Double) {
    let (low, high) = Self.ends(answers.map(\.value))
    let (near, far) = Self.ends(answers.map(\.distance))
    values = answers.map {
      let value = high > low ? ($0.value - low) / (high - low) : 1
      let distance = far > near ? (far - $0.distance) / (far - near) : 1
      return weight * value + (1 - weight) * distance
    }
  }

  private static func ends(_ values: [Double]) -> (Double, Double) { (values.min() ?? 0, values.max() ?? 0) }

  /// The places of the best candidates in order; of equal ones the first.
  func best(_ count: Int) -> [Int] {
    Array(values.indices.sorted { (values[$0], $0) < (values[$1], $1) }.prefix(count))
  }
}
