import NumericKernels

/// Exponential and logarithm of a search's inner loops: by additions, multiplications and one division, without fused
/// multiply-add, so that every machine gives the same bits. Accurate to a few units in the last place.
enum PlainMath {
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// eˣ for x up to 700; 0 below −700.
  @inline(__always) static func exp(_ x: Double) -> Double { x < -700 ? 0 : unguardedExp(x) }

  /// eˣ for x from −700 to 700; without branches, so that loops over many numbers are made of vector instructions.
  @inline(__always) static func unguardedExp(_ x: Double) -> Double {
    // Adding 1.5 · 2⁵² leaves the nearest integer, in the low bits too.
    let magic = 6_755_399_441_055_744.0
    let shifted = x * 1.442_695_040_888_963_4 + magic
    let scale = shifted - magic
    let rest = (x - scale * ln2High) - scale * ln2Low
    // Σ restⁿ / n! to n = 13: |rest| < 0.35 leaves nothing after it.
    var sum = rest * (1.0 / 6_227_020_800) + 1.0 / 479_001_600
    sum = sum * rest + 1.0 / 39_916_800
    sum = sum * rest + 1.0 / 3_628_800
    sum = sum * rest + 1.0 / 362_880
    sum = sum * rest + 1.0 / 40_320
    sum = sum * rest + 1.0 / 5_040
    sum = sum * rest + 1.0 / 720
    sum = sum * rest + 1.0 / 120
    sum = sum * rest + 1.0 / 24
    sum = sum * rest + 1.0 / 6
    sum = sum * rest + 0.5
    sum = sum * rest + 1
    sum = sum * rest + 1
    let exponent = shifted.bitPattern &- magic.bitPattern
    return sum * Double(bitPattern: (exponent &+ 1023) &<< 52)
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
