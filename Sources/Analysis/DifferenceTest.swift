import Studies

/// Whether two points differ by more than chance between runs moves them.
///
/// Two scores that share their weights' seed and their fold are compared with each other: a paired t test. Points that share
/// fewer than two of these are compared by Welch's test (1947, doi:10.1093/biomet/34.1-2.28). Both tests are two-sided,
/// because the scores themselves decide which point is called the better one. The variance between folds is corrected as in
/// `PointStatistics` (Nadeau and Bengio 2003, doi:10.1023/A:1024068626366).
struct DifferenceTest {
  /// How many folds score a repeat.
  var folds: Int
  /// The distance between neighbouring values that a score can have; 0 where it has any value.
  var step: Double

  /// step² / 12: the variance of what a score lost when it was rounded. Without it two equal differences of accuracies on
  /// few examples, which are frequent by chance, would be taken for certainty.
  private var rounding: Double { step * step / 12 }

  /// The probability, where both points are equal, of a difference as large as this one; 1 where `one` is not better on
  /// the runs that are compared. Both have two scores or more. O(scores).
  func p(_ one: ScoredRuns, isBetterThan other: ScoredRuns, maximize: Bool) -> Double {
    let differences = one.differences(from: other)
    let isFolded = folds > 1 && one.isFolded && other.isFolded
    let (t, degrees) =
      differences.count >= 2
      ? paired(differences, isFolded: isFolded) : welch(one.values, other.values, isFolded: isFolded)
    guard maximize ? t > 0 : t < 0 else { return 1 }
    return StudentT.twoSided(t, degreesOfFreedom: degrees)
  }

  private func paired(_ differences: [Double], isFolded: Bool) -> (t: Double, degrees: Double) {
    let count = Double(differences.count)
    // A difference was rounded twice.
    let spread = (variance(differences) + 2 * rounding) * share(count, isFolded)
    return (ratio(differences.mean, spread), count - 1)
  }

  private func welch(_ one: [Double], _ other: [Double], isFolded: Bool) -> (t: Double, degrees: Double) {
    let parts = [one, other].map { scores in
      let count = Double(scores.count)
      return (spread: (variance(scores) + rounding) * share(count, isFolded), degrees: count - 1)
    }
    let spread = parts[0].spread + parts[1].spread
    let squares = parts.reduce(0) { $0 + $1.spread * $1.spread / $1.degrees }
    let degrees = squares > 0 ? spread * spread / squares : min(parts[0].degrees, parts[1].degrees)
    return (ratio(one.mean - other.mean, spread), degrees)
  }

  /// The variance of a mean over that of one score.
  private func share(_ count: Double, _ isFolded: Bool) -> Double {
    1 / count + (isFolded ? 1 / Double(folds - 1) : 0)
  }

  /// 0 for no difference, even where nothing varies.
  private func ratio(_ difference: Double, _ spread: Double) -> Double {
    difference == 0 ? 0 : difference / spread.squareRoot()
  }

  private func variance(_ values: [Double]) -> Double {
    let mean = values.mean
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }
}
