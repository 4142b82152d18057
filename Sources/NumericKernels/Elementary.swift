/// Elementary functions in double precision by additions, multiplications, divisions and square roots alone.
///
/// The C library's differ between machines; these give the same bits everywhere (where sums and products are fused, those
/// of the instruction set in use). Errors are a few units in the last place; NaN is passed on.
public enum Elementary {
  private static let naive = NaiveArithmetic<Double>()

  /// eˣ; 0 below −745, infinite above 709.78.
  public static func exp(_ x: Double) -> Double { naive.exp(x) }

  /// ln x; −∞ at 0, NaN below.
  public static func log(_ x: Double) -> Double { naive.log(x) }

  /// 1 / (1 + e⁻ˣ).
  public static func sigmoid(_ x: Double) -> Double { naive.sigmoid(x) }

  /// ln(1 + eˣ), without overflow.
  public static func softplus(_ x: Double) -> Double { naive.softplus(x) }

  /// The hyperbolic tangent.
  public static func tanh(_ x: Double) -> Double { naive.tanh(x) }

  /// cos 2πv and sin 2πv for v from 0 to 1.
  static func cosineAndSine(turns v: Double) -> (Double, Double) { naive.cosineAndSine(turns: v) }
}

extension NaiveArithmetic<Double> {
  private static var ln2High: Double { 0x1.62e42fee00000p-1 }
  private static var ln2Low: Double { 0x1.a39ef35793c76p-33 }

  /// ln x; −∞ at 0, NaN below.
  public func log(_ x: Double) -> Double {
    if x.isNaN || x == .infinity { return x }
    if x <= 0 { return x == 0 ? -.infinity : .nan }
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa *= 0.5
      exponent += 1
    }
    let small = fma(exponent, Self.ln2Low, artanhDoubled((mantissa - 1) / (mantissa + 1)))
    return fma(exponent, Self.ln2High, small)
  }

  /// 2 artanh s for |s| ≤ 1/3.
  private func artanhDoubled(_ s: Double) -> Double {
    let square = s * s
    var sum = 1.0 / 33
    for term in stride(from: 31, through: 3, by: -2) { sum = fma(sum, square, 1 / Double(term)) }
    return 2 * fma(s, sum * square, s)
  }

  /// ln(1 + eˣ), without overflow.
  public func softplus(_ x: Double) -> Double {
    if x.isNaN { return x }
    let power = exp(-abs(x))
    return (x > 0 ? x : 0) + artanhDoubled(power / (2 + power))
  }

  /// cos 2πv and sin 2πv for v from 0 to 1.
  public func cosineAndSine(turns v: Double) -> (Double, Double) {
    // Quarter turns are exact; what is left is at most an eighth of a turn to either side.
    let quarter = (v * 4).rounded(.toNearestOrEven)
    let angle = (v - quarter * 0.25) * 6.283_185_307_179_586
    let square = angle * angle
    func series(from last: Int) -> Double {
      var sum = 0.0
      var sign = last / 2 % 2 == 0 ? 1.0 : -1.0
      for term in stride(from: last, through: 0, by: -2) {
        let coefficient = sign / (0..<term).reduce(1.0) { $0 * Double($1 + 1) }
        sum = term == last ? coefficient : fma(sum, square, coefficient)
        sign = -sign
      }
      return sum
    }
    let cosine = series(from: 16)
    let sine = series(from: 17) * angle
    switch Int(quarter) & 3 {
    case 0: return (cosine, sine)
    case 1: return (-sine, cosine)
    case 2: return (-cosine, -sine)
    default: return (sine, -cosine)
    }
  }

  /// The cross-entropy of one example's logits, and whether its class is predicted: for one logit 1 where it is above 0,
  /// else the class of the largest, of equal ones the lowest.
  public func crossEntropy(_ logits: [Double], label: Int) -> (loss: Double, isRight: Bool) {
    if logits.count == 1 {
      return (softplus(label == 1 ? -logits[0] : logits[0]), (logits[0] > 0) == (label == 1))
    }
    let top = logits.dropFirst().reduce(logits[0]) { $1 > $0 ? $1 : $0 }
    let sum = logits.reduce(0) { $0 + exp($1 - top) }
    return (log(sum) + top - logits[label], logits.firstIndex(of: top) == label)
  }
}
