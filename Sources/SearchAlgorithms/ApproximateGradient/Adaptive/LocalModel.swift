import NumericKernels

/// A ridge regression of flattened losses near a centre, weighted by a Gaussian of the distance: locally weighted
/// quadratics (Cleveland 1979, doi:10.1080/01621459.1979.10481038).
///
/// (ΦᵀWΦ / ε² + Λ) β = ΦᵀW ((z − μ) / σ) / ε², with ε = 0.3, μ and σ the weighted mean and standard deviation of z, Λ the
/// precisions of the features. A point's prediction has mean μ + σ φβ and standard deviation σ ‖L⁻¹φ‖.
struct LocalModel: Sendable {
  private static let noise = 0.3
  /// Trials of a smaller weight say nothing.
  private static let leastWeight = 1e-6

  /// β's gradient, by ordered axis, for each rank.
  let gradient: [Double]
  private let features: StepFeatures
  private let mean: Double
  private let deviation: Double
  private let weights: [Double]
  /// L row by row, and the inverse of its diagonal.
  private let factor: [Double]
  private let inverse: [Double]

  /// Fits the trials that were told, by their weights. O(trials · features²).
  init(_ features: StepFeatures, _ weights: [Double], _ z: [Double], in log: LearningLog) {
    self.features = features
    let p = features.count
    let total = weights.reduce(0, +)
    var mean = 0.0
    for (weight, value) in zip(weights, z) { mean += weight * value }
    mean = total > 0 ? mean / total : 0
    var square = 0.0
    for (weight, value) in zip(weights, z) { square += weight * (value - mean) * (value - mean) }
    let spread = total > 0 ? (square / total).squareRoot() : 0
    let deviation = spread < 1e-12 ? 1 : spread
    let precision = 1 / (Self.noise * Self.noise)
    var matrix = [Double](repeating: 0, count: p * p)
    var right = [Double](repeating: 0, count: p)
    var phi = [Double](repeating: 0, count: p)
    let stride = log.axes.count
    log.ranks.withUnsafeBufferPointer { ranks in
      matrix.withUnsafeMutableBufferPointer { matrix in
        phi.withUnsafeMutableBufferPointer { phi in
          for (trial, weight) in weights.enumerated() where weight >= Self.leastWeight {
            features.write(ranks.baseAddress! + trial * stride, to: phi.baseAddress!, stride: 1)
            let scaled = weight * precision
            let value = scaled * ((z[trial] - mean) / deviation)
            for row in 0..<p where phi[row] != 0 {
              let own = scaled * phi[row]
              let start = row * p
              for column in 0...row { matrix[start + column] += own * phi[column] }
              right[row] += value * phi[row]
            }
          }
        }
      }
    }
    var lower = Cholesky(.floored(at: 1e-12))
    lower.reserve(p)
    for row in 0..<p {
      lower.append(matrix[row * p..<row * p + row], diagonal: matrix[row * p + row] + features.precisions[row])
    }
    self.mean = mean
    self.deviation = deviation
    self.weights = lower.solve(right)
    var factor = [Double](repeating: 0, count: p * p)
    for row in 0..<p {
      for column in 0...row { factor[row * p + column] = lower[row, column] }
    }
    self.factor = factor
    inverse = (0..<p).map { 1 / lower[$0, $0] }
    let slopes = self.weights
    gradient = features.reaches.enumerated().map { deviation * slopes[1 + $0.offset] / $0.element }
  }

  /// The predictions of points: eight at a time, each in a lane of its own. O(points · features²).
  func predict(_ points: [RankedPoint]) -> [(mean: Double, deviation: Double)] {
    let p = features.count
    var found: [(mean: Double, deviation: Double)] = []
    found.reserveCapacity(points.count)
    var phi = [SIMD8<Double>](repeating: .zero, count: p)
    var solved = phi
    for first in stride(from: 0, to: points.count, by: 8) {
      let block = points[first..<min(first + 8, points.count)]
      phi.withUnsafeMutableBytes { bytes in
        let numbers = bytes.bindMemory(to: Double.self)
        for (lane, point) in block.enumerated() {
          point.ranks.withUnsafeBufferPointer {
            features.write($0.baseAddress!, to: numbers.baseAddress! + lane, stride: 8)
          }
        }
      }
      var height = SIMD8<Double>.zero
      var square = SIMD8<Double>.zero
      factor.withUnsafeBufferPointer { factor in
        for row in 0..<p {
          var rest = phi[row]
          height += rest * weights[row]
          for column in 0..<row { rest -= solved[column] * factor[row * p + column] }
          rest *= inverse[row]
          solved[row] = rest
          square += rest * rest
        }
      }
      for lane in 0..<block.count {
        found.append((mean + deviation * height[lane], deviation * square[lane].squareRoot()))
      }
    }
    return found
  }
}
