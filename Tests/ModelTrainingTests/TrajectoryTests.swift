import Datasets
import SearchSpace
import Testing

@testable import ModelTraining

/// One training read at several ends gives what each would have given alone, however often it was stopped.
@Suite struct TrajectoryTests {
  let dataset = TestData.blobs(count: 48, features: 6, classes: 2, second: 20)

  private func trajectory(_ more: [String: ParameterValue], _ split: ValidationSplit = .test) throws
    -> any TrainingTrajectory
  {
    try MultilayerPerceptron.trajectory(
      TestData.request(TestData.settings(more), dataset, split: split), sharing: TestData.foldCache)
  }

  private func alone(_ more: [String: ParameterValue], _ split: ValidationSplit, _ end: Int) throws
    -> EvaluationOutcome?
  {
    try trajectory(more, split).outcomes(after: [end], passing: { _, _ in }, isCancelled: { false })?[end]
  }

  /// The metrics are the folds' mean, to the bit, and each fold's scores come with them.
  @Test func readingsHaveTheirFolds() throws {
    guard case .finished(let readings)? = try alone([:], .folds(3), 40) else {
      Issue.record("no outcome")
      return
    }
    for reading in readings {
      #expect(reading.folds.count == 3)
      #expect(reading.folds.map(\.accuracy).reduce(0, +) / 3 == reading.metrics.validationAccuracy)
      #expect(reading.folds.map(\.loss).reduce(0, +) / 3 == reading.metrics.validationLoss)
    }
    guard case .finished(let whole)? = try alone([:], .test, 40) else {
      Issue.record("no outcome")
      return
    }
    #expect(whole.allSatisfy { $0.folds.isEmpty })
  }

  @Test(arguments: TrainingTests.variants, [ValidationSplit.test, .folds(3)])
  func sharedOrNot(_ more: [String: ParameterValue], _ split: ValidationSplit) throws {
    let ends: Set<Int> = [1, 2, 10, 17, 44, 50, 64, 98, 100]
    var passed: [Int] = []
    let shared = try #require(
      try trajectory(more, split).outcomes(after: ends, passing: { end, _ in passed.append(end) }) { false })
    #expect(passed == ends.sorted() && Set(shared.keys) == ends)
    for end in ends { #expect(shared[end] == (try alone(more, split, end)), "\(end)") }
  }

  /// Going on, coming back to where it was read, and coming back to where it was not.
  @Test(arguments: TrainingTests.variants) func goingOnAndComingBack(_ more: [String: ParameterValue]) throws {
    let trajectory = try trajectory(more)
    for ends: Set<Int> in [[20], [90], [20], [33], [90, 21], [20, 21, 33, 120]] {
      let outcomes = try #require(trajectory.outcomes(after: ends, passing: { _, _ in }) { false })
      for end in ends { #expect(outcomes[end] == (try alone(more, .test, end)), "\(end) of \(ends)") }
    }
  }

  /// A training that was cut short anywhere goes on as if nothing had been.
  @Test(arguments: TrainingTests.variants) func cutShort(_ more: [String: ParameterValue]) throws {
    let trajectory = try trajectory(more, .folds(3))
    for limit in [1, 7, 40, 3] {
      var asked = 0
      let outcomes = trajectory.outcomes(after: [60], passing: { _, _ in }) {
        asked += 1
        return asked > limit
      }
      if let outcomes { #expect(outcomes[60] == (try alone(more, .folds(3), 60))) }
    }
    // An end before what one fold has reached and another has not.
    for end in [13, 60] {
      let outcomes = try #require(trajectory.outcomes(after: [end], passing: { _, _ in }) { false })
      #expect(outcomes[end] == (try alone(more, .folds(3), end)), "\(end)")
    }
  }

  @Test func cancellationIsSeen() throws {
    var asked = 0
    let outcomes = try trajectory([:]).outcomes(after: [1_000_000], passing: { _, _ in }) {
      asked += 1
      return asked > 20
    }
    #expect(outcomes == nil)
  }

  @Test func aDivergenceIsTheSameWhereverItIsRead() throws {
    let more: [String: ParameterValue] = ["learning_rate": .real(1000), "weight_decay": .real(900)]
    guard case .diverged(let iteration)? = try alone(more, .folds(3), 400) else {
      Issue.record("it did not diverge")
      return
    }
    for ends: Set<Int> in [[1, iteration - 1, iteration, iteration + 1, 400], [iteration], [iteration - 1]] {
      let outcomes = try #require(
        try trajectory(more, .folds(3)).outcomes(after: ends, passing: { _, _ in }) { false })
      for end in ends {
        #expect((outcomes[end] == .diverged(iteration: iteration)) == (end >= iteration), "\(end) of \(iteration)")
      }
    }
  }

  @Test(arguments: [(0, 209), (64, 10_000), (7, 48), (300, 209)]) func curveSteps(_ batch: Int, _ examples: Int) {
    let steps = CurveSteps(batch: batch, examples: examples)
    let all = steps.between(0, 1_000_000)
    #expect(all == Array(Set(all)).sorted() && steps.count(through: 1_000_000) <= 200)
    #expect(steps.between(10, 20) == all.filter { $0 > 10 && $0 <= 20 } && steps.contains(all[3]))
    if batch == 64 { #expect(zip(all, all.dropFirst()).allSatisfy { $1 - $0 >= 235 } && all[0] >= 235) }
    if batch == 0 || batch >= examples { #expect(Array(all.prefix(8)) == [1, 2, 3, 4, 5, 6, 7, 8]) }
  }

  @Test func aCacheKeepsWhatWasUsedLast() throws {
    final class Still: TrainingTrajectory {
      let byteCount = 10
      var trainedSeconds = 0.0
      func curveSteps(below end: Int) -> [Int] { [] }
      func outcomes(
        after ends: Set<Int>, passing: (Int, EvaluationOutcome) -> Void, isCancelled: () -> Bool
      ) -> [Int: EvaluationOutcome]? { [:] }
    }
    let cache = TrajectoryCache(byteLimit: 25)
    func isMade(_ key: String) -> Bool {
      var made = false
      let outcomes = cache.withTrajectory(
        key, isCancelled: { false },
        make: {
          made = true
          return Still()
        }, work: { $0.outcomes(after: [], passing: { _, _ in }, isCancelled: { false }) })
      #expect(outcomes != nil)
      return made
    }
    #expect(["a", "b", "a", "c", "a", "b"].map(isMade) == [true, true, false, true, false, true])
  }
}
