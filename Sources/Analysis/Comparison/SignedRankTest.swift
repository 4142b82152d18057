import Foundation

/// Wilcoxon's signed-rank test of paired differences, two-sided (Wilcoxon 1945, doi:10.2307/3001968).
///
/// Differences of 0 are left out, equal ones share the mean of their ranks. The distribution is exact, given the ranks, for
/// at most 25 differences; beyond it is the normal one with the variance that ties leave (Lehmann 1975, chapter 3).
enum SignedRankTest {
  /// Up to how many differences the distribution is exact.
  static let mostExact = 25

  /// The probability of ranks that are as far apart or further, where neither side is better; 1 where all are equal.
  static func p(_ differences: [Double]) -> Double {
    let kept = differences.filter { $0 != 0 && !$0.isNaN }.sorted { abs($0) < abs($1) }
    guard !kept.isEmpty else { return 1 }
    // Twice the ranks, which are whole numbers where ranks are shared.
    var doubled: [Int] = []
    var ties = 0.0
    while doubled.count < kept.count {
      let first = doubled.count
      var end = first
      while end < kept.count, abs(kept[end]) == abs(kept[first]) { end += 1 }
      let size = Double(end - first)
      ties += size * size * size - size
      doubled += Array(repeating: first + 1 + end, count: end - first)
    }
    let positive = zip(kept, doubled).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    return kept.count <= mostExact ? exact(doubled, positive) : normal(kept.count, positive, ties)
  }

  /// Counts the signs that give each sum.
  private static func exact(_ doubled: [Int], _ positive: Int) -> Double {
    let all = doubled.reduce(0, +)
    var ways = [Double](repeating: 0, count: all + 1)
    ways[0] = 1
    for rank in doubled {
      for sum in stride(from: all, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
    }
    let tail = ways[...min(positive, all - positive)].reduce(0, +)
    return min(1, 2 * tail / pow(2, Double(doubled.count)))
  }

  /// z = (W − n(n+1)/4) / √(n(n+1)(2n+1)/24 − Σ(t³−t)/48)
  private static func normal(_ count: Int, _ positive: Int, _ ties: Double) -> Double {
    let n = Double(count)
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
    let z = (Double(positive) / 2 - n * (n + 1) / 4) / variance.squareRoot()
    return erfc(abs(z) / 2.0.squareRoot())
  }

  /// The probabilities of a family of tests, corrected so that one false alarm in all has at most the named probability
  /// (Holm 1979, https://www.jstor.org/stable/4615733).
  static func holm(_ probabilities: [Double]) -> [Double] {
    var corrected = probabilities
    var least = 0.0
    let order = probabilities.indices.sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
    for (place, index) in order.enumerated() {
      least = max(least, min(1, probabilities[index] * Double(order.count - place)))
      corrected[index] = least
    }
    return corrected
  }
}
