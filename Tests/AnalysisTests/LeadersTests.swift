import Testing

@testable import Analysis
@testable import Studies

/// Tests of differences against SciPy 1.17 (t, ttest_rel and ttest_ind), and what is said of the leaders.
@Suite struct LeadersTests {
  private let exact = Scoring(isFraction: false, examples: nil, folds: 1)
  private let fifty = Scoring(isFraction: true, examples: 50, folds: 1)

  private func runs(_ scores: [Double], from stream: Int = 0, trial: Int = 1) -> ScoredRuns {
    let keyed = scores.enumerated().map { (ScoredRuns.Key(stream: stream + $0.offset), $0.element) }
    return ScoredRuns(trial: trial, mean: scores.mean, scores: Dictionary(uniqueKeysWithValues: keyed))
  }

  private func folded(_ scores: [Double]) -> ScoredRuns {
    let keyed = scores.enumerated().map { (ScoredRuns.Key(stream: 0, fold: $0.offset), $0.element) }
    return ScoredRuns(trial: 1, mean: scores.mean, scores: Dictionary(uniqueKeysWithValues: keyed))
  }

  private func p(_ one: ScoredRuns, _ other: ScoredRuns, folds: Int = 1, step: Double = 0) -> Double {
    DifferenceTest(folds: folds, step: step).p(one, isBetterThan: other, maximize: true)
  }

  @Test func studentsTBelowAValue() {
    let known = [
      (0, 3, 0.5), (1, 1, 0.75), (-2.5, 2.5, 0.0522849815390777), (3.7, 9, 0.9975397189053352),
      (12.7, 1, 0.9749878361553279), (40, 4, 0.9999988329918387), (-8, 30, 3.1329112378503795e-09),
      (0.3, 1000.5, 0.6178802634936338),
    ]
    for (t, degrees, expected) in known {
      let found = StudentT.probability(below: t, degreesOfFreedom: degrees)
      #expect(abs(found - expected) <= 1e-11 * expected, "\(t) \(degrees): \(found)")
    }
    #expect(abs(StudentT.twoSided(-40, degreesOfFreedom: 4) / 2.3340163226012678e-06 - 1) < 1e-10)
    #expect(StudentT.twoSided(.infinity, degreesOfFreedom: 1) == 0 && StudentT.twoSided(0, degreesOfFreedom: 1) == 1)
  }

  @Test func sharedRunsArePaired() {
    let (one, other) = ([0.8, 0.84, 0.82, 0.9], [0.7, 0.78, 0.8, 0.76])
    #expect(abs(p(runs(one), runs(other)) - 0.0533627227169421) < 1e-12)
    #expect(abs(p(runs(one), runs(other), step: 0.02) - 0.054977113135818975) < 1e-12)
    #expect(abs(p(folded(one), folded(other), folds: 5) - 0.11615752834753865) < 1e-12)
    // Only the four that both have count.
    #expect(abs(p(runs(one + [0.1]), runs(other)) - 0.0533627227169421) < 1e-12)
    #expect(p(runs(other), runs(one)) == 1, "the better one is not worse")
    #expect(DifferenceTest(folds: 1, step: 0).p(runs(other), isBetterThan: runs(one), maximize: false) < 0.06)
  }

  @Test func othersAreComparedByWelch() {
    let (one, other) = ([0.8, 0.84, 0.82], [0.7, 0.78, 0.8, 0.76, 0.71])
    #expect(abs(p(runs(one), runs(other, from: 3)) - 0.022078017643291627) < 1e-12)
    #expect(abs(p(runs(one), runs(other, from: 2)) - 0.022078017643291627) < 1e-12, "one shared run is no pair")
  }

  @Test func whatDoesNotVary() {
    let (equal, higher) = (runs([0.5, 0.5]), runs([0.52, 0.52]))
    #expect(p(equal, equal) == 1 && p(equal, runs([0.5, 0.5], from: 9)) == 1)
    #expect(p(higher, equal) == 0, "a score of any value that never varies is exact")
    // Two equal differences of one example in fifty are no certainty.
    #expect(p(higher, equal, step: 0.02) > 0.15)
    #expect(p(runs([0.52, 0.52], from: 9), equal, step: 0.02) > 0.05)
  }

  @Test func stepsOfTheCorrection() {
    // Raw p of 0.0005 and 0.03 or so: three pairs for the first, one for the last.
    let best = runs([1, 1.1, 0.9, 1, 1.05], trial: 7)
    let near = runs([0.9, 0.95, 0.88, 0.99, 0.93], trial: 2)
    let far = runs([0.1, 0.25, -0.05, 0.1, 0.1], trial: 5)
    let found = Leaders([best, near, far], exact, maximize: true)
    #expect(found.compared == 3)
    let step = DifferenceTest(folds: 1, step: 0.0)
    #expect(step.p(best, isBetterThan: far, maximize: true) < 0.001)
    let raw = step.p(best, isBetterThan: near, maximize: true)
    #expect(found.members.map(\.trial) == (raw > 0.05 ? [7, 2] : [7]))
    #expect(found.members.first?.p == nil && found.largestApart != nil)
    // With twenty more that equal the second, their pairs count.
    let many = [best] + (0..<20).map { runs([0.9, 0.95, 0.88, 0.99, 0.93], trial: 10 + $0) } + [far]
    let crowded = Leaders(many, exact, maximize: true)
    #expect(crowded.members.map(\.trial) == [7] + Array(10..<30))
    #expect(crowded.members.dropFirst().allSatisfy { $0.p == 1 })
  }

  @Test func whereNothingCanBeSaid() {
    func said(_ found: Leaders, hasTrials: Bool = true) -> String {
      found.sentence(single: nil, hasTrials: hasTrials, scoring: exact)
    }
    let none = Leaders([], exact, maximize: true)
    #expect(none.members.isEmpty && said(none).contains("run once") && said(none).contains("repeats"))
    let told = none.sentence(single: nil, hasTrials: true, mayRepeat: false, scoring: exact)
    #expect(told.contains("confirm") && !told.contains("repeats"))
    #expect(said(none, hasTrials: false).hasPrefix("No trial is completed"))
    let once = Leaders([runs([1])], exact, maximize: true)
    #expect(once.members.isEmpty && once == none)
    let alone = Leaders([runs([1, 2], trial: 4), runs([3])], exact, maximize: true)
    #expect(alone.members.map(\.trial) == [4] && alone.compared == 1 && said(alone).contains("trial 4"))
  }

  @Test func sentences() {
    func said(_ points: [ScoredRuns], _ scoring: Scoring, single: Int? = nil) -> String {
      Leaders(points, scoring, maximize: true).sentence(single: single, hasTrials: true, scoring: scoring)
    }
    let high = runs([0.9, 0.92, 0.88, 0.9, 0.9, 0.94], trial: 3)
    let low = runs([0.5, 0.52, 0.46, 0.5, 0.56, 0.5], trial: 8)
    #expect(
      said([high, low], exact)
        == "The point of trial 3 is better than the only other point that was run twice or more (p < 0.001, corrected)."
    )
    #expect(
      said([high, runs([0.9, 0.92, 0.88, 0.9, 0.9, 0.92], trial: 4), low], fifty, single: 1)
        == "Of the points with two runs or more, 1 of the 2 other points cannot be told apart from the best, that of trial 3; "
        + "this allows for chance between runs, not for the choice of the same 50 examples that score all points; the point "
        + "of trial 1 has a better value, but was run once and is not compared.")
    #expect(
      said([high, high, high], exact)
        == "Of the points with two runs or more, none of the 2 other points can be told apart from the best, that of trial 3."
    )
    #expect(said([high, high], exact).contains("the only other point cannot be told apart"))
  }
}
