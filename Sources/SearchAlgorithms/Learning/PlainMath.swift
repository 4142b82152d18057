import NumericKernels

/// Exponential and logarithm of a search's inner loops: by additions, multiplications and one division, without fused
/// multiply-add, so that every machine gives the same bits. Accurate to a few units in the last place.
enum PlainMath {
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// eˣ for x up to 700; 0 below −700.
  @inline(__always) static func exp(_ x: Double) -> Double {
    if x < -700 { return 0 }
    // Adding 1.5 · 2⁵² leaves the nearest integer.
    let magic = 6_755_399_441_055_744.0
    let shifted = x * 1.442_695_040_888_963_4 + magic
    let scale = shifted - magic
    let r = (x - scale * ln2High) - scale * ln2Low
    // Σ rⁿ / n! to n = 13: |r| < 0.35 leaves nothing after it.
    var sum = 1.605_904_383_682_161_5e-10
    sum = sum * r + 2.087_675_698_786_81e-9
    sum = sum * r + 2.505_210_838_544_172e-8
    sum = sum * r + 2.755_731_922_398_589_3e-7
    sum = sum * r + 2.755_731_922_398_589e-6
    sum = sum * r + 2.480_158_730_158_73e-5
    sum = sum * r + 1.984_126_984_126_984e-4
    sum = sum * r + 1.388_888_888_888_889e-3
    sum = sum * r + 8.333_333_333_333_333e-3
    sum = sum * r + 4.166_666_666_666_666_4e-2
    sum = sum * r + 1.666_666_666_666_666_6e-1
    sum = sum * r + 0.5
    sum = sum * r + 1
    sum = sum * r + 1
    return sum * Double(bitPattern: UInt64(bitPattern: Int64(scale) &+ 1023) << 52)
  }

  /// ln x of a positive finite number.
  @inline(__always) static func log(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa *= 0.5
      exponent += 1
    }
    // ln m = 2 artanh s with s = (m − 1) / (m + 1); |s| < 0.172 leaves nothing after s²¹.
    let s = (mantissa - 1) / (mantissa + 1)
    let q = s * s
    var sum = 1.0 / 21
    sum = sum * q + 1.0 / 19
    sum = sum * q + 1.0 / 17
    sum = sum * q + 1.0 / 15
    sum = sum * q + 1.0 / 13
    sum = sum * q + 1.0 / 11
    sum = sum * q + 1.0 / 9
    sum = sum * q + 1.0 / 7
    sum = sum * q + 1.0 / 5
    sum = sum * q + 1.0 / 3
    return exponent * ln2High + (2 * (s + s * (sum * q)) + exponent * ln2Low)
  }

  /// cos 2πv and sin 2πv for v from 0 to 1.
  static func cosineAndSine(turns v: Double) -> (Double, Double) {
    NaiveArithmetic<Double>(.baseline).cosineAndSine(turns: v)
  }
}
