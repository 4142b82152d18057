import SearchAlgorithms
import StudyDefinitions

/// The predicted operations of the trials that a study has still to number.
struct Workload {
  /// The points counted at most one by one; beyond that, evenly spaced ones represent all.
  private static let sampleSize = 500

  /// What was found when the trials up to `last` were last looked at.
  private var total: (last: Int, operations: Double)?
  private var taken = 0.0
  private var takenCount = 0

  /// Records a trial that got its number.
  mutating func took(operations: Double) {
    taken += operations
    takenCount += 1
  }

  /// The trials that are still to be numbered after `highest`, up to `last`, and their operations.
  ///
  /// An algorithm that needs no outcomes gives its points in advance; for others, the trials so far represent the rest.
  mutating func remaining(
    after highest: Int, through last: Int, algorithm: any SearchAlgorithm,
    operations: (_ suggestion: Suggestion, _ before: Suggestion?) -> Double
  ) -> (count: Int, operations: Double) {
    let count = max(0, last - highest)
    guard count > 0 else { return (0, 0) }
    guard !algorithm.needsHistory else {
      return (count, takenCount == 0 ? 0 : taken / Double(takenCount) * Double(count))
    }
    if let total, total.last == last {
      return (count, max(0, total.operations - taken))
    }
    var sum = 0.0
    let stride = max(1, count / Self.sampleSize)
    var sampled = 0
    for number in Swift.stride(from: highest + 1, through: last, by: stride) {
      guard case .suggestion(let suggestion) = algorithm.propose(number) else { break }
      var before: Suggestion?
      if number > 1, case .suggestion(let last) = algorithm.propose(number - 1) { before = last }
      sum += operations(suggestion, before)
      sampled += 1
    }
    let whole = sampled == 0 ? 0 : sum / Double(sampled) * Double(count)
    total = (last, whole)
    taken = 0
    takenCount = 0
    return (count, whole)
  }
}
