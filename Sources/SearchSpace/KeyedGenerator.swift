/// Draws that are functions of a seed and a key, never of what was drawn before.
///
/// The key's words are absorbed one by one through the finaliser of SplitMix64 (Steele, Lea and Flood 2014,
/// doi:10.1145/2660193.2660195), which is a bijection with full avalanche.
public struct KeyedGenerator: Sendable, Hashable {
  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
  private let state: UInt64

  /// Makes the generator of a seed and of what its draws are for.
  public init(seed: UInt64, key: [UInt64]) {
    var state = Self.mix(seed &+ Self.step)
    for word in key { state = Self.mix((state ^ Self.mix(word &+ Self.step)) &+ Self.step) }
    self.state = state
  }

  /// The draw at `index`: any of the 2⁶⁴ integers.
  public func integer(at index: UInt64) -> UInt64 { Self.mix(state &+ (index &+ 1) &* Self.step) }

  /// The draw at `index`: a real from 0 up to but not 1, a multiple of 2⁻⁵³.
  public func unit(at index: UInt64) -> Double { Double(integer(at: index) >> 11) * 0x1p-53 }

  /// The draw at `index`: an integer below `bound`, each as likely (Lemire 2019, doi:10.1145/3230636).
  public func integer(below bound: UInt64, at index: UInt64) -> UInt64 {
    precondition(bound > 0)
    var attempt = integer(at: index)
    var product = attempt.multipliedFullWidth(by: bound)
    let threshold = (0 &- bound) % bound
    while product.low < threshold {
      attempt = Self.mix(attempt ^ Self.step)
      product = attempt.multipliedFullWidth(by: bound)
    }
    return product.high
  }

  static func mix(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
