import Foundation

/// Student's t distribution.
public enum StudentT {
  /// The value that a draw of the normal distribution stays below with probability 0.975: t without end of freedom.
  static let normalQuantile975 = 1.959963984540054

  /// Degrees of freedom with which it differs from the normal distribution by less than anybody reads.
  static let nearlyNormal = 1e7

  /// The value that a draw stays below with probability 0.975; degrees of freedom need not be whole (≥ 1).
  public static func quantile975(degreesOfFreedom: Double) -> Double {
    degreesOfFreedom < 1e8 ? quantile(upperTail: 0.025, degreesOfFreedom: degreesOfFreedom) : normalQuantile975
  }

  /// The value that a draw exceeds with a probability (below 0.5); degrees of freedom need not be whole (≥ 1).
  static func quantile(upperTail tail: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0 && tail > 0 && tail < 0.5)
    var low = 0.0
    var high = 13.0
    while upperTail(high, degreesOfFreedom) > tail { high *= 2 }
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if upperTail(middle, degreesOfFreedom) > tail { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The probability of a value that is at least as far from 0; degrees of freedom need not be whole (> 0).
  public static func twoSided(_ t: Double, degreesOfFreedom: Double) -> Double {
    t.isInfinite ? 0 : min(1, 2 * upperTail(abs(t), degreesOfFreedom))
  }

  /// The probability that a draw is at most `t`; degrees of freedom need not be whole (> 0).
  public static func probability(below t: Double, degreesOfFreedom: Double) -> Double {
    let tail = twoSided(t, degreesOfFreedom: degreesOfFreedom) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// P(T > t) = I(ν / (ν + t²); ν/2, 1/2) / 2 (Abramowitz and Stegun 26.7.1).
  private static func upperTail(_ t: Double, _ degrees: Double) -> Double {
    incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  }

  /// The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8).
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let logBeta: Double = lgamma(a) + lgamma(b) - lgamma(a + b)
    let logPower: Double = a * log(x) + b * log(1 - x)
    let front: Double = exp(logPower - logBeta) / a
    // Lentz's method, from the first terms on.
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < 1e-300 ? 1e-300 : d)
    var result = d
    for index in 1...500 {
      let m = Double(index)
      let place: Double = a + 2 * m
      let even: Double = m * (b - m) * x / ((place - 1) * place)
      let odd: Double = -(a + m) * (a + b + m) * x / (place * (place + 1))
      for term in [even, odd] {
        d = 1 + term * d
        d = 1 / (abs(d) < 1e-300 ? 1e-300 : d)
        c = 1 + term / c
        if abs(c) < 1e-300 { c = 1e-300 }
        result *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return front * result
  }
}
