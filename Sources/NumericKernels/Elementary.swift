/// Elementary functions by additions, multiplications, divisions and square roots alone.
///
/// The C library's differ between machines; these give the same bits everywhere. Errors are a few units in the last place;
/// NaN is passed on.
public enum Elementary {
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33
  private static let log2e = 0x1.71547652b82fep+0

  /// eˣ; 0 below −745, infinite above 709.78.
  public static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -745.2 { return 0 }
    let scale = (x * log2e).rounded()
    let rest = (x - scale * ln2High) - scale * ln2Low
    // |rest| ≤ 0.347: Taylor's series to the 14th power leaves 1e-18.
    var sum = 1.0
    for term in stride(from: 14, through: 1, by: -1) { sum = 1 + sum * rest / Double(term) }
    let exponent = Int(scale)
    if exponent < -1000 { return sum * power(exponent + 600) * power(-600) }
    // 2¹⁰²⁴ is no double: one factor of two is taken apart.
    return exponent > 1000 ? sum * power(exponent - 1) * 2 : sum * power(exponent)
  }

  /// ln x; −∞ at 0, NaN below.
  public static func log(_ x: Double) -> Double {
    if x.isNaN || x == .infinity { return x }
    if x <= 0 { return x == 0 ? -.infinity : .nan }
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa *= 0.5
      exponent += 1
    }
    return exponent * ln2High + (artanhDoubled((mantissa - 1) / (mantissa + 1)) + exponent * ln2Low)
  }

  /// ln(1 + y) for y from 0 to 1.
  static func log1p(_ y: Double) -> Double { artanhDoubled(y / (2 + y)) }

  /// 2 artanh s for |s| ≤ 1/3.
  private static func artanhDoubled(_ s: Double) -> Double {
    let square = s * s
    var sum = 0.0
    for term in stride(from: 33, through: 3, by: -2) { sum = (sum + 1 / Double(term)) * square }
    return 2 * (s + s * sum)
  }

  /// 1 / (1 + e⁻ˣ).
  public static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let power = exp(x)
    return power / (1 + power)
  }

  /// ln(1 + eˣ), without overflow.
  public static func softplus(_ x: Double) -> Double {
    if x.isNaN { return x }
    return (x > 0 ? x : 0) + log1p(exp(x > 0 ? -x : x))
  }

  /// The hyperbolic tangent.
  public static func tanh(_ x: Double) -> Double {
    if x.isNaN { return x }
    if abs(x) < 1 {
      // Lambert's continued fraction.
      let square = x * x
      var tail = 23.0
      for term in stride(from: 21, through: 1, by: -2) { tail = Double(term) + square / tail }
      return x / tail
    }
    let size = 1 - 2 / (exp(2 * abs(x)) + 1)
    return x < 0 ? -size : size
  }

  /// cos 2πv and sin 2πv for v from 0 to 1.
  static func cosineAndSine(turns v: Double) -> (Double, Double) {
    // Quarter turns are exact; what is left is at most an eighth of a turn to either side.
    let quarter = (v * 4).rounded()
    let angle = (v - quarter * 0.25) * 6.283_185_307_179_586
    let square = angle * angle
    var cosine = 1.0
    for term in stride(from: 18, through: 2, by: -2) { cosine = 1 - cosine * square / Double(term * (term - 1)) }
    var sine = 1.0
    for term in stride(from: 19, through: 3, by: -2) { sine = 1 - sine * square / Double(term * (term - 1)) }
    sine *= angle
    switch Int(quarter) & 3 {
    case 0: return (cosine, sine)
    case 1: return (-sine, cosine)
    case 2: return (-cosine, -sine)
    default: return (sine, -cosine)
    }
  }

  private static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
