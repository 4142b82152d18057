import NumericKernels

/// The points that a cubic radial basis function with a linear tail is to pass by, and what makes that quick.
///
///   s(x) = Σᵢ λᵢ |x − xᵢ|³ + b · x + a,  Σᵢ λᵢ = 0,  Σᵢ λᵢ xᵢ = 0
///
/// |x − y|³ is positive definite only among λ that keep these conditions. What is left of it after it was interpolated from
/// d + 1 anchors is so among all, and gives the same functions (Wendland, Scattered Data Approximation, 2004, section 10.3,
/// doi:10.1017/CBO9780511617539). The anchors aⱼ are the origin and a point on each axis; p are their barycentric weights:
///
///   K(x, y) = |x − y|³ − p(x) · g(y) − g(x) · p(y) + t p(x) · p(y),  gⱼ(x) = |x − aⱼ|³ − ½ Σₖ |aⱼ − aₖ|³ pₖ(x)
///
/// The last term is the tail: so large a t leaves it as good as free. K depends on points alone, so that its factor grows by
/// a row for each.
struct CubicSurrogate: Sendable {
  /// t.
  static let tail = 1e6
  /// Added to the diagonal: how far a known value may be missed, as a variance. It keeps points that lie close together from
  /// spoiling the factor.
  static let slack = 1e-6

  /// How many coordinates a point has.
  let dimension: Int
  /// The points' coordinates, point after point.
  private(set) var coordinates: [Double] = []
  /// By point: p, then g.
  private var projections: [AnchorProjection] = []
  private var factor = Cholesky(.floored(at: CubicSurrogate.slack))

  /// A surrogate without points.
  init(dimension: Int) { self.dimension = dimension }

  /// How many points there are.
  var count: Int { factor.count }

  /// Makes these its points. What it has already, from the first on, is kept: O(dimension) for each such point, and
  /// O(count² / 2 + count · dimension) for each other.
  mutating func become(_ points: [[Double]]) {
    var same = 0
    while same < min(points.count, count), isSame(points[same], at: same) { same += 1 }
    factor.truncate(to: same)
    coordinates.removeLast(coordinates.count - same * dimension)
    projections.removeLast(projections.count - same)
    factor.reserve(points.count)
    for point in points[same...] { append(point) }
  }

  private func isSame(_ point: [Double], at index: Int) -> Bool {
    coordinates[index * dimension..<(index + 1) * dimension].elementsEqual(point)
  }

  private mutating func append(_ point: [Double]) {
    let own = AnchorProjection(point)
    let row = (0..<count).map { index in
      cube(of: point, from: index) + own.remainder(with: projections[index], tail: Self.tail)
    }
    factor.append(row, diagonal: own.remainder(with: own, tail: Self.tail) + Self.slack)
    coordinates += point
    projections.append(own)
  }

  /// |x − xᵢ|³.
  private func cube(of point: [Double], from index: Int) -> Double {
    let first = index * dimension
    var square = 0.0
    for (place, value) in point.enumerated() {
      let difference = value - coordinates[first + place]
      square += difference * difference
    }
    return square * square.squareRoot()
  }

  /// The function that passes by these values at the points. O(count² + count · dimension).
  func fitted(to values: [Double]) -> CubicFunction {
    let weights = factor.solve(values)
    var sums = AnchorSums(dimension: dimension)
    for (weight, projection) in zip(weights, projections) { sums.add(projection, weight) }
    return CubicFunction(
      dimension: dimension, centres: coordinates, weights: weights, anchors: sums.weights,
      tail: sums.tail(Self.tail))
  }
}
