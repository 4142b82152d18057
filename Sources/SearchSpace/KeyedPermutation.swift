/// A permutation of the integers below a bound, computed one by one: nothing is kept.
///
/// A Feistel network of eight rounds over the smallest even number of bits that holds the bound, walked along its cycle
/// until it lands below the bound (Black and Rogaway 2002, doi:10.1007/3-540-45760-7_9): at most four steps on average.
public struct KeyedPermutation: Sendable {
  private static let rounds = 8

  /// How many integers are permuted, from 1 to 2⁶².
  public let bound: UInt64
  private let halfBits: UInt64
  private let mask: UInt64
  private let generator: KeyedGenerator

  /// Makes the permutation of a bound, a seed and what it is for.
  public init(bound: UInt64, seed: UInt64, key: [UInt64]) {
    precondition(bound > 0 && bound <= 1 << 62)
    self.bound = bound
    let bits = UInt64(64 - (bound - 1).leadingZeroBitCount)
    halfBits = max(1, (bits + 1) / 2)
    mask = (1 << halfBits) - 1
    generator = KeyedGenerator(seed: seed, key: key + [bound])
  }

  /// Where the integer `index` goes.
  public subscript(index: UInt64) -> UInt64 {
    precondition(index < bound)
    var value = index
    repeat { value = encrypted(value) } while value >= bound
    return value
  }

  private func encrypted(_ value: UInt64) -> UInt64 {
    var left = value >> halfBits
    var right = value & mask
    for round in 0..<Self.rounds {
      let mixed = generator.integer(at: (right << 3) | UInt64(round)) & mask
      (left, right) = (right, left ^ mixed)
    }
    return (left << halfBits) | right
  }
}
