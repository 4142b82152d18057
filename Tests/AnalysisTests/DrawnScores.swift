import Foundation

/// Scores of known laws, drawn from a seed.
struct DrawnScores {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea and Flood 2014), as a number in 0..<1.
  mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
  }

  /// Box and Muller (1958).
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// The accuracy on `examples` examples, each right with a probability of its own: the logistic function of what all of
  /// them, each one and the run add.
  mutating func accuracy(_ examples: [Double], run: Double) -> Double {
    var right = 0
    for example in examples where uniform() < 1 / (1 + exp(-(example + run))) { right += 1 }
    return Double(right) / Double(examples.count)
  }
}

/// The share of examples that are right, each with the same probability and by itself.
struct BinomialLaw {
  /// The probability of at most as many.
  private var sums: [Double] = []

  init(_ probability: Double, of examples: Int) {
    var term = pow(1 - probability, Double(examples))
    var sum = 0.0
    for right in 0...examples {
      sum += term
      sums.append(sum)
      term *= Double(examples - right) / Double(right + 1) * probability / (1 - probability)
    }
  }

  /// The share that a uniform draw in 0..<1 gives.
  func share(_ draw: Double) -> Double {
    Double(sums.firstIndex { draw < $0 } ?? sums.count - 1) / Double(sums.count - 1)
  }
}
