/// Logarithm and exponential by additions, multiplications and divisions alone, so that a draw on a log scale, or a
/// search's model, is the same on every machine; the C library's differ. Accurate to a few units in the last place.
public enum PortableMath {
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// The natural logarithm of a positive finite number.
  public static func log(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa /= 2
      exponent += 1
    }
    // log m = 2 artanh((m − 1) / (m + 1)), and |s| < 0.172 leaves nothing after 12 terms.
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = 0.0
    for term in stride(from: 23, through: 3, by: -2) { sum = (sum + 1 / Double(term)) * square }
    return exponent * ln2High + (2 * (s + s * sum) + exponent * ln2Low)
  }

  /// The exponential of a number from −700 to 700.
  public static func exp(_ x: Double) -> Double {
    let scale = (x / (ln2High + ln2Low)).rounded()
    let rest = (x - scale * ln2High) - scale * ln2Low
    var sum = 1.0
    for term in stride(from: 18, through: 1, by: -1) { sum = 1 + sum * rest / Double(term) }
    return sum * Double(sign: .plus, exponent: Int(scale), significand: 1)
  }
}
