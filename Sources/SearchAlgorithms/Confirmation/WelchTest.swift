/// Welch's test of two means whose variances differ (Welch 1947, doi:10.1093/biomet/34.1-2.28), in additions,
/// multiplications, divisions and square roots alone, so that every machine comes to the same verdict.
enum WelchTest {
  /// How likely a difference of means as large is where there is none: two-sided; 0…1.
  ///
  /// `first`, `second`: the variance of each mean, with the degrees of freedom that it was estimated with. At least one
  /// variance is above 0.
  static func probability(
    ofDifference difference: Double, _ first: (variance: Double, freedom: Double),
    _ second: (variance: Double, freedom: Double)
  ) -> Double {
    let variance = first.variance + second.variance
    let freedom =
      variance * variance
      / (first.variance * first.variance / first.freedom + second.variance * second.variance / second.freedom)
    return twoSidedTail(squared: difference * difference / variance, degreesOfFreedom: freedom)
  }

  /// Beyond these the tails hardly change any more, and the sum below would only grow longer.
  private static let mostFreedom = 1000.0

  /// How likely Student's t lies beyond ±t, for t²; the degrees of freedom are rounded down to an even number, at least 2,
  /// where the tail is a finite sum (Abramowitz and Stegun 1964, 26.7.4). O(degrees of freedom).
  static func twoSidedTail(squared: Double, degreesOfFreedom: Double) -> Double {
    let half = Int(max(2, min(degreesOfFreedom, mostFreedom)) / 2)
    let freedom = Double(2 * half)
    let cosineSquared = freedom / (freedom + squared)
    var (term, sum) = (1.0, 1.0)
    for k in stride(from: 1, to: half, by: 1) {
      term *= cosineSquared * Double(2 * k - 1) / Double(2 * k)
      sum += term
    }
    return max(0, 1 - (1 - cosineSquared).squareRoot() * sum)
  }
}
