/// Matérn's covariance with ν = 5/2 (Rasmussen and Williams 2006, equation 4.17).
///
/// Written without branches, so that loops over many distances are made of vector instructions.
enum Matern {
  /// The largest r² that is told from larger ones: √5 r is 700 there, and the covariance as good as 0.
  static let farthest = 98_000.0

  /// M(r) = (1 + √5 r + 5r²/3) e^(−√5 r), given r² up to `farthest`.
  @inline(__always) static func value(squared: Double) -> Double {
    let scaled = (squared * 5).squareRoot()
    return (scaled + 1 + squared * (5.0 / 3)) * exponential(scaled)
  }

  /// e⁻ˣ for x from 0 to 700: the bits of `PlainMath.exp(-x)`.
  @inline(__always) static func exponential(_ x: Double) -> Double {
    // Adding 1.5 · 2⁵² leaves the nearest integer, in the low bits too.
    let magic = 6_755_399_441_055_744.0
    let shifted = -x * 1.442_695_040_888_963_4 + magic
    let scale = shifted - magic
    let rest = (-x - scale * 0x1.62e42fee00000p-1) - scale * 0x1.a39ef35793c76p-33
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
}
