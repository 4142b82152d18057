/// How much below the best value a normal variable is expected to fall (Mockus 1975, doi:10.1007/3-540-07165-2_55).
enum ExpectedImprovement {
  private static let halfLogTurn = 0.918_938_533_204_672_7

  /// ln(s h(d / s)) with h(u) = φ(u) + u Φ(u)
  ///
  /// d is how far the mean lies below the best, s > 0 the standard deviation. The logarithm tells improvements apart that
  /// are too small for a number.
  static func logarithm(of difference: Double, deviation: Double) -> Double {
    PlainMath.log(deviation) + logarithm(of: difference / deviation)
  }

  /// ln h(u).
  static func logarithm(of u: Double) -> Double {
    if abs(u) > 3 {
      let tail = tail(abs(u))
      return u < 0
        ? tail.exponent + PlainMath.log(tail.factor) : PlainMath.log(u + PlainMath.exp(tail.exponent) * tail.factor)
    }
    let density = PlainMath.exp(-0.5 * u * u - halfLogTurn)
    // Φ(u) = ½ + φ(u) (u + u³/3 + u⁵/(3 · 5) + …)
    var (term, sum) = (u, u)
    var odd = 3.0
    while abs(term) > 1e-17 * abs(sum) {
      term *= u * u / odd
      sum += term
      odd += 2
    }
    return PlainMath.log(density + u * (0.5 + density * sum))
  }

  /// h(−x) = φ(x) T / (x + T) with T = 1 / (x + 2 / (x + 3 / (x + …))), for x ≥ 3: the logarithm of φ, and the rest.
  private static func tail(_ x: Double) -> (exponent: Double, factor: Double) {
    var below = x
    for term in stride(from: 40.0, through: 2, by: -1) { below = x + term / below }
    let rest = 1 / below
    return (-0.5 * x * x - halfLogTurn, rest / (x + rest))
  }
}
