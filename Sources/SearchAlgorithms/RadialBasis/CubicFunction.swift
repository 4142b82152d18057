/// A cubic radial basis function: Σᵢ λᵢ |x − xᵢ|³ − Σⱼ wⱼ |x − aⱼ|³ + Σⱼ bⱼ pⱼ(x), the anchors aⱼ and their weights pⱼ those of
/// `AnchorProjection`.
struct CubicFunction: Sendable {
  private typealias Lanes = SIMD8<Double>

  let dimension: Int
  /// The centres' coordinates, one centre after another.
  let centres: [Double]
  /// λ.
  let weights: [Double]
  /// w.
  let anchors: [Double]
  /// b.
  let tail: [Double]

  /// By point: the function's value, and the distance to the nearest centre or other point given.
  /// O(points · centres · dimension).
  func callAsFunction(_ points: [[Double]], others: [[Double]] = []) -> [(value: Double, distance: Double)] {
    var answers: [(value: Double, distance: Double)] = []
    answers.reserveCapacity(points.count)
    // What weighs 0 counts for the distance alone.
    let (weights, centres) = (weights + others.map { _ in 0 }, centres + others.joined())
    var lanes = [Lanes](repeating: Lanes(), count: dimension)
    for first in stride(from: 0, to: points.count, by: Lanes.scalarCount) {
      let count = min(Lanes.scalarCount, points.count - first)
      for lane in 0..<count {
        for place in 0..<dimension { lanes[place][lane] = points[first + lane][place] }
      }
      let (cubics, squares) = cubics(at: lanes, weights, centres)
      let values = cubics + rest(at: lanes)
      for lane in 0..<count { answers.append((values[lane], squares[lane].squareRoot())) }
    }
    return answers
  }

  /// Σᵢ λᵢ |x − xᵢ|³ at eight points, and the square of the least |x − xᵢ|.
  private func cubics(at point: [Lanes], _ weights: [Double], _ centres: [Double]) -> (sum: Lanes, least: Lanes) {
    var sum = Lanes()
    var least = Lanes(repeating: .infinity)
    centres.withUnsafeBufferPointer { centres in
      point.withUnsafeBufferPointer { point in
        for (index, weight) in weights.enumerated() {
          var square = Lanes()
          for place in 0..<dimension {
            let difference = point[place] - centres[index * dimension + place]
            square += difference * difference
          }
          least.replace(with: square, where: square .< least)
          sum += weight * (square * square.squareRoot())
        }
      }
    }
    return (sum, least)
  }

  /// Σⱼ bⱼ pⱼ(x) − Σⱼ wⱼ |x − aⱼ|³ at eight points.
  private func rest(at point: [Lanes]) -> Lanes {
    let reach = AnchorProjection.reach
    var (origin, square) = (Lanes(repeating: 1), Lanes())
    for value in point {
      origin -= value / reach
      square += value * value
    }
    var sum = tail[0] * origin
    sum -= anchors[0] * (square * square.squareRoot())
    for (place, value) in point.enumerated() {
      let shift: Lanes = reach * reach - (2 * reach) * value
      let distance = pointwiseMax(Lanes(), square + shift)
      sum += tail[place + 1] * (value / reach)
      sum -= anchors[place + 1] * (distance * distance.squareRoot())
    }
    return sum
  }
}
