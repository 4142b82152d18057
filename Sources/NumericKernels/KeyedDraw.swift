/// Random words as a function of a seed, a stream and a counter, never of what was drawn before.
///
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, doi:10.1145/2063384.2063405). The key is made of seed and stream by
/// the finaliser of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195).
public struct KeyedDraw: Sendable, Hashable {
  let key: (UInt32, UInt32)

  /// Makes the draws of a seed and a stream.
  public init(seed: UInt64, stream: UInt64) {
    let word = Self.mix(seed ^ Self.mix(stream &+ 0x9E37_79B9_7F4A_7C15))
    key = (UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32))
  }

  init(key: (UInt32, UInt32)) { self.key = key }

  public static func == (a: KeyedDraw, b: KeyedDraw) -> Bool { a.key == b.key }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(key.0)
    hasher.combine(key.1)
  }

  /// Four random words of 32 bits.
  public func words(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> SIMD4<UInt32> {
    var counter = (a, b, c, d)
    var (low, high) = key
    for _ in 0..<10 {
      let first = UInt64(counter.0) &* 0xD251_1F53
      let second = UInt64(counter.2) &* 0xCD9E_8D57
      counter = (
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.1 ^ low, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.3 ^ high, UInt32(truncatingIfNeeded: first)
      )
      low = low &+ 0x9E37_79B9
      high = high &+ 0xBB67_AE85
    }
    return SIMD4(counter.0, counter.1, counter.2, counter.3)
  }

  /// A random word of 64 bits: words 0 (low half) and 1.
  public func integer(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> UInt64 {
    let words = words(a, b, c, d)
    return UInt64(words[1]) << 32 | UInt64(words[0])
  }

  /// Two independent draws of the standard normal distribution (Box and Muller 1958, doi:10.1214/aoms/1177706645).
  ///
  /// With 53 bits each, u = (words 1‖0 >> 11 + 1) · 2⁻⁵³ and v = (words 3‖2 >> 11) · 2⁻⁵³ give √(−2 ln u) · (cos 2πv,
  /// sin 2πv).
  public func normals(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> (Double, Double) {
    normals(a, b, c, d, naive: NaiveArithmetic())
  }

  func normals(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, naive: NaiveArithmetic<Double>
  ) -> (Double, Double) {
    let words = words(a, b, c, d)
    let u = Double((UInt64(words[1]) << 32 | UInt64(words[0])) >> 11 + 1) * 0x1p-53
    let v = Double((UInt64(words[3]) << 32 | UInt64(words[2])) >> 11) * 0x1p-53
    let radius = (-2 * naive.log(u)).squareRoot()
    let (cosine, sine) = naive.cosineAndSine(turns: v)
    return (radius * cosine, radius * sine)
  }

  private static func mix(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
