/// A point as a cubic's anchors see it: the origin, and a point on each axis `reach` away from it.
struct AnchorProjection: Sendable {
  /// How far the anchors are from the origin.
  static let reach = 0.5
  /// The cube of the distance of the origin and another anchor.
  private static let near = reach * reach * reach
  /// The cube of the distance of two others, which is √2 · `reach`.
  private static let far = near * 8.0.squareRoot()

  /// By anchor its barycentric weight, the origin's first: they sum to 1, and a linear function is the sum of its values there.
  let weights: [Double]
  /// By anchor gⱼ = |x − aⱼ|³ − ½ Σₖ |aⱼ − aₖ|³ pₖ.
  let pulls: [Double]

  /// Of a point. O(coordinates).
  init(_ point: [Double]) {
    var weights = [1.0]
    weights.reserveCapacity(point.count + 1)
    var square = 0.0
    for value in point {
      weights.append(value / Self.reach)
      weights[0] -= value / Self.reach
      square += value * value
    }
    let between = Self.between(weights)
    var pulls = [square * square.squareRoot() - 0.5 * between[0]]
    pulls.reserveCapacity(point.count + 1)
    for (place, value) in point.enumerated() {
      let distance = max(0, square - 2 * Self.reach * value + Self.reach * Self.reach)
      pulls.append(distance * distance.squareRoot() - 0.5 * between[place + 1])
    }
    self.weights = weights
    self.pulls = pulls
  }

  /// Σₖ |aⱼ − aₖ|³ wₖ of some weights of the anchors.
  static func between(_ weights: [Double]) -> [Double] {
    var others = 0.0
    for weight in weights.dropFirst() { others += weight }
    return weights.enumerated().map { place, weight in
      place == 0 ? near * others : near * weights[0] + far * (others - weight)
    }
  }

  /// t p(x) · p(y) − p(x) · g(y) − g(x) · p(y).
  func remainder(with other: AnchorProjection, tail: Double) -> Double {
    var sum = 0.0
    for place in weights.indices {
      let (own, its) = (weights[place], other.weights[place])
      sum += tail * (own * its) - (own * other.pulls[place] + pulls[place] * its)
    }
    return sum
  }
}

/// Sums over a function's centres: what the anchors weigh as centres, and the tail.
struct AnchorSums {
  /// By anchor: Σᵢ λᵢ p(xᵢ).
  private(set) var weights: [Double]
  private var pulls: [Double]

  /// Of no centre.
  init(dimension: Int) {
    weights = [Double](repeating: 0, count: dimension + 1)
    pulls = weights
  }

  /// Adds a centre with its weight.
  mutating func add(_ projection: AnchorProjection, _ weight: Double) {
    for place in weights.indices {
      weights[place] += weight * projection.weights[place]
      pulls[place] += weight * projection.pulls[place]
    }
  }

  /// The linear part's values at the anchors: t w − Σᵢ λᵢ g(xᵢ) + ½ Σₖ |aⱼ − aₖ|³ wₖ.
  func tail(_ t: Double) -> [Double] {
    let between = AnchorProjection.between(weights)
    return weights.indices.map { t * weights[$0] - pulls[$0] + 0.5 * between[$0] }
  }
}
