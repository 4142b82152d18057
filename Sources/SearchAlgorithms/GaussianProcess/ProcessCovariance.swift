import NumericKernels

/// The covariance of a Gaussian process for one choice of its parameters.
///
/// k(x, x′) = s² (0.7 M(√Σ rⱼ²) + 0.3 (1/n) Σ M(rⱼ)) + 1
///
/// rⱼ is the difference of ranks over k − 1, or 1 for categories that differ and ½ where the parameter is absent from one
/// of the two, over the length ℓⱼ. The 1 is a constant mean with unit variance.
struct ProcessCovariance: Sendable {
  /// An axis whose terms are computed.
  private struct Scale: Sendable {
    /// What Δu² is multiplied by; of a category what every difference counts.
    let factor: Double
    /// r² where one of the two is absent.
    let absent: Double
    let isCategory: Bool
  }

  /// With more axes than this the part of single axes is left out, and the other one is s² M: it costs the most there.
  private static let mostAdditive = 16

  /// By axis and difference of levels: r² and M(r).
  private let table: [SIMD2<Double>]
  /// By axis: where its part of the table begins.
  private let starts: [Int]
  private let scales: [Scale]
  /// 0.7 s²; s² without the part of single axes.
  private let joint: Double
  /// 0.3 s² / n; 0 without the part of single axes.
  private let single: Double
  /// What a point's covariance with itself is.
  let variance: Double
  /// σ², the variance of a measurement, and what makes the matrix regular.
  let noise: Double

  /// The covariance of parameters.
  init(_ parameters: ProcessParameters, on axes: ProcessAxes) {
    var squares: [Double] = []
    var starts: [Int] = []
    for (place, axis) in axes.listed.enumerated() {
      starts.append(squares.count)
      let inverse = parameters.inverseSquaredLength(place)
      let count = Int(axis.last) + 1
      // |difference| of two levels is below count, of a level and what is absent it is above.
      for difference in 0...2 * count {
        let share = Double(difference) / axis.last
        let square = axis.isCategory ? 1 : difference < count ? share * share : 0.25
        squares.append(difference == 0 ? 0 : square * inverse)
      }
    }
    table = squares.map { SIMD2($0, Matern.value(squared: min($0, Matern.farthest))) }
    self.starts = starts
    scales = axes.measured.enumerated().map { place, axis in
      let inverse = parameters.inverseSquaredLength(axes.listed.count + place)
      return Scale(
        factor: axis.isCategory ? inverse : inverse / (axis.last * axis.last),
        absent: axis.isCategory ? inverse : 0.25 * inverse, isCategory: axis.isCategory)
    }
    let amplitude = parameters.amplitude
    let isAdditive = axes.count <= Self.mostAdditive
    joint = isAdditive ? 0.7 * amplitude : amplitude
    single = isAdditive ? 0.3 * amplitude / Double(max(axes.count, 1)) : 0
    variance = amplitude + 1
    noise = parameters.noise + 1e-8
  }

  /// The covariances of a point of `queries` with the first `count` of `points`. O(count · axes).
  func row(
    of query: Int, in queries: ProcessPoints, with points: ProcessPoints, count: Int,
    into out: UnsafeMutablePointer<Double>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { room in
      guard let squares = room.baseAddress, count > 0 else { return }
      let sums = squares + count
      lookUp(query, in: queries, with: points, count: count, squares, sums)
      for axis in scales.indices {
        let own = queries.ranks[query * scales.count + axis]
        for point in 0..<count { out[point] = measure(axis, own, points.ranks[point * scales.count + axis]) }
        for point in 0..<count { squares[point] += out[point] }
        if single > 0 { for point in 0..<count { sums[point] += Matern.value(squared: out[point]) } }
      }
      for point in 0..<count { squares[point] = min(squares[point], Matern.farthest) }
      let (joint, single) = (joint, single)
      for point in 0..<count {
        out[point] = Matern.value(squared: squares[point]) * joint + sums[point] * single + 1
      }
    }
  }

  /// Σ r² and Σ M(r) of the axes that are looked up.
  private func lookUp(
    _ query: Int, in queries: ProcessPoints, with points: ProcessPoints, count: Int,
    _ squares: UnsafeMutablePointer<Double>, _ sums: UnsafeMutablePointer<Double>
  ) {
    let width = starts.count
    starts.withUnsafeBufferPointer { starts in
      queries.levels.withUnsafeBufferPointer { queries in
        points.levels.withUnsafeBufferPointer { points in
          table.withUnsafeBufferPointer { table in
            let own = UnsafeBufferPointer(rebasing: queries[query * width..<(query + 1) * width])
            var place = 0
            for point in 0..<count {
              var terms = SIMD2<Double>()
              for axis in 0..<width {
                terms += table[starts[axis] &+ Int(abs(own[axis] &- points[place &+ axis]))]
              }
              place &+= width
              squares[point] = terms.x
              sums[point] = terms.y
            }
          }
        }
      }
    }
  }

  /// r² of two ranks on a computed axis, up to `Matern.farthest`.
  private func measure(_ axis: Int, _ own: Double, _ other: Double) -> Double {
    if own == other { return 0 }
    let (scale, difference) = (scales[axis], own - other)
    let isOneAbsent = own < 0 || other < 0
    let square =
      isOneAbsent ? scale.absent : scale.isCategory ? scale.factor : difference * difference * scale.factor
    return min(square, Matern.farthest)
  }

  /// The factor of the covariance of points and their noise; nil where a pivot is not above 10⁻¹².
  func factor(_ points: ProcessPoints) -> Cholesky? {
    var factor = Cholesky(.refused(atMost: 1e-12))
    factor.reserve(points.count)
    return append(points, to: &factor) ? factor : nil
  }

  /// Adds the points that a factor does not have yet; false where a pivot is not above 10⁻¹².
  func append(_ points: ProcessPoints, to factor: inout Cholesky) -> Bool {
    var row = [Double](repeating: 0, count: points.count)
    for place in factor.count..<points.count {
      row.withUnsafeMutableBufferPointer {
        guard let base = $0.baseAddress else { return }
        self.row(of: place, in: points, with: points, count: place, into: base)
      }
      if !factor.append(row[..<place], diagonal: variance + noise) { return false }
    }
    return true
  }
}
