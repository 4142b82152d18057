import SearchSpace
import Testing

@testable import PruningRules

/// What each rule says of small examples, worked out by hand.
@Suite struct RuleTests {
  private func judge(_ rule: String, _ options: [String: ParameterValue], maximize: Bool = true) throws -> PruningJudge
  {
    try #require(PruningJudge(rule: rule, options: options, maximize: maximize))
  }

  private func completed(_ judge: inout PruningJudge, _ curves: [[(step: Int, value: Double)]]) {
    for curve in curves { judge.observe(judge.horizon + 1, JudgedCurve(curve), outcome: .completed) }
  }

  @Test func aCurveKnowsItsBestAndItsMean() {
    var curve = JudgedCurve()
    let given: [(step: Int, value: Double)] = [(10, 1), (20, 4), (40, 2), (40, 9), (50, .nan), (60, .infinity)]
    let taken = given.map { curve.append(step: $0.step, value: $0.value) }
    #expect(taken == [true, true, true, false, false, false])
    #expect(curve.reports.map(\.most) == [1, 4, 4] && curve.reports.map(\.least) == [1, 1, 1])
    // (10 · 1 + 10 · 4 + 20 · 2) / 40
    #expect(curve.reports.map(\.mean) == [1, 2.5, 2.25])
  }

  @Test func medianComparesTheBestWithRunningAverages() throws {
    var judge = try judge("median", ["minimum_trials": .integer(3)])
    completed(&judge, [[(1, 0.2), (2, 0.6)], [(1, 0.4), (2, 0.8)]])
    let weak = JudgedCurve([(1, 0.3), (2, 0.35)])
    #expect(judge.firstVerdict(in: weak) == .goOn, "two completed trials are too few")
    completed(&judge, [[(1, 0.1), (2, 0.1)]])
    // Averages at step 2: 0.4, 0.6, 0.1.
    #expect(judge.firstVerdict(in: weak).judged == [2, 0.35])
    #expect(judge.firstVerdict(in: JudgedCurve([(1, 0.4), (2, 0.1)])) == .goOn, "its best is as good as the median")
    #expect(judge.firstVerdict(in: JudgedCurve([(3, 0)])) == .goOn, "nothing completed has reported step 3")
  }

  @Test func prunedTrialsAreNoMeasureForMedianAndPercentile() throws {
    for rule in ["median", "percentile"] {
      var judge = try judge(rule, ["minimum_trials": .integer(1)])
      judge.observe(1, JudgedCurve([(1, 0.9)]), outcome: .pruned)
      #expect(judge.firstVerdict(in: JudgedCurve([(1, 0.1)])) == .goOn)
      judge.observe(2, JudgedCurve([(1, 0.9)]), outcome: .completed)
      #expect(judge.firstVerdict(in: JudgedCurve([(1, 0.1)])) != .goOn)
    }
  }

  @Test func percentileKeepsTheBestPart() throws {
    var judge = try judge("percentile", ["percentile": .real(25), "minimum_trials": .integer(5)], maximize: false)
    completed(&judge, (1...5).map { [(10, Double($0))] })
    #expect(judge.firstVerdict(in: JudgedCurve([(10, 2)])) == .goOn)
    #expect(judge.firstVerdict(in: JudgedCurve([(10, 2.01)])).judged == [10, 2.01])
    #expect(judge.firstVerdict(in: JudgedCurve([(5, 1), (10, 4)])) == .goOn, "the best value so far counts")
  }

  @Test func judgedOnceInEachInterval() throws {
    let judge = try judge(
      "threshold", ["lower": .real(0), "warmup_steps": .integer(10), "interval_steps": .integer(10)])
    #expect(judge.firstVerdict(in: JudgedCurve([(9, -1), (10, 1), (19, -1), (20, 1), (31, 1), (39, -1)])) == .goOn)
    #expect(judge.firstVerdict(in: JudgedCurve([(9, -1), (12, 1), (25, -1)])).judged == [25, -1])
  }

  @Test func halvingKeepsTheBestOfEachRung() throws {
    var judge = try judge(
      "successive_halving", ["minimum_step": .integer(2), "eta": .integer(2), "minimum_trials": .integer(1)])
    completed(&judge, [[(1, 0.1), (2, 0.5), (5, 0.9)]])
    #expect(
      judge.firstVerdict(in: JudgedCurve([(1, 0), (3, 0.4)])).judged == [3, 0.4], "its first report on the rung")
    #expect(judge.firstVerdict(in: JudgedCurve([(2, 0.6), (3, 0)])) == .goOn, "step 3 is on no rung")
    #expect(judge.firstVerdict(in: JudgedCurve([(2, 0.6), (9, 0.8)])).judged == [9, 0.8], "rung 4 is passed as well")
    // A pruned trial has come to its rung: the second of three is not among the best one.
    judge.observe(2, JudgedCurve([(3, 0.7)]), outcome: .pruned)
    #expect(judge.firstVerdict(in: JudgedCurve([(2, 0.6)])).judged == [2, 0.6])
    judge.observe(3, JudgedCurve([(3, 0.1)]), outcome: .pruned)
    #expect(judge.firstVerdict(in: JudgedCurve([(2, 0.6)])) == .goOn, "the second of four is among the best two")
  }

  @Test func halvingFindsItsFirstRungByTheFirstCompletedTrial() throws {
    var judge = try judge("successive_halving", ["eta": .integer(2), "minimum_trials": .integer(1)])
    judge.observe(1, JudgedCurve([(1, 1), (1000, 1)]), outcome: .unusable)
    completed(&judge, [(0..<40).map { (step: $0 + 1, value: 0.5) }])
    #expect(judge.firstVerdict(in: JudgedCurve([(9, 0), (10, 0)])).judged == [10, 0])
  }

  @Test func patienceEndsWhatGetsWorse() throws {
    let judge = try judge("patience", ["patience": .integer(2), "minimum_delta": .real(0.125)])
    #expect(judge.firstVerdict(in: JudgedCurve((1...50).map { ($0, 0.5) })) == .goOn, "a plateau is kept")
    #expect(judge.firstVerdict(in: JudgedCurve([(1, 1), (2, 0.5), (3, 0.875), (4, 0.5), (5, 1)])) == .goOn)
    #expect(judge.firstVerdict(in: JudgedCurve([(1, 1), (2, 0.5), (3, 0.75)])).judged == [3, 0.75])
  }
}
