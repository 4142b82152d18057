import SearchSpace

/// Draws one after another, which are a function of a seed, of what they are for, and of an index.
///
/// The words are those of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195), started at a place that
/// `KeyedGenerator` computes from the three. So the draws of one suggestion never depend on those of another.
struct SearchStream: Sendable {
  /// What draws are for.
  struct Purpose: RawRepresentable, Sendable, Hashable {
    let rawValue: UInt64

    /// The permutations of a start design; index 0.
    static let designOrder = Purpose(rawValue: 1)
    /// The places inside the strata of a start design; the index is the start's.
    static let designJitter = Purpose(rawValue: 2)
    /// A proposal of `approximate_gradient`; the index is the suggestion's.
    static let gradientProposal = Purpose(rawValue: 3)
    /// A proposal of `gaussian_process`; the index is the suggestion's.
    static let processProposal = Purpose(rawValue: 4)
    /// The first particles of `gaussian_process`.
    static let firstParticles = Purpose(rawValue: 5)
    /// The moves of a particle from 0 of `gaussian_process`; the index is the horizon.
    static func particle(_ place: Int) -> Purpose { Purpose(rawValue: 6 + UInt64(place)) }
    /// A proposal of `tpe`; the index is the suggestion's.
    static let parzenProposal = Purpose(rawValue: 1001)
    /// A proposal of `rbf_surrogate`; the index is the suggestion's.
    static let surrogateProposal = Purpose(rawValue: 1004)
  }

  private let generator: KeyedGenerator
  private var drawn: UInt64 = 0

  /// The draws of a seed for a purpose; `index` tells apart those of one purpose.
  init(seed: UInt64, purpose: Purpose, index: Int = 0) {
    generator = KeyedGenerator(seed: seed, key: [purpose.rawValue, UInt64(index)])
  }

  /// A real from 0 up to but not 1, a multiple of 2⁻⁵³.
  mutating func uniform() -> Double {
    drawn += 1
    return generator.unit(at: drawn - 1)
  }

  /// An integer below `bound`: ⌊bound · uniform⌋.
  mutating func integer(below bound: Int) -> Int { min(Int(Double(bound) * uniform()), bound - 1) }

  /// A draw of the standard normal distribution (Box and Muller 1958, doi:10.1214/aoms/1177706645): √(−2 ln u) cos 2πv
  /// with u = 1 − the first uniform, v the second.
  mutating func normal() -> Double {
    let radius = (-2 * PlainMath.log(1 - uniform())).squareRoot()
    return radius * PlainMath.cosineAndSine(turns: uniform()).0
  }

  /// 0 to count − 1 in a random order (Fisher and Yates, from the end).
  mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for place in stride(from: count - 1, to: 0, by: -1) { order.swapAt(place, integer(below: place + 1)) }
    return order
  }
}
