import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct GaussianProcessTests {
  private static let square = ParameterSpace([levels("a", 9), levels("b", 9), levels("c", 9)])

  private static func context(_ space: ParameterSpace, seed: UInt64 = 1, parallelism: Int = 1) -> AlgorithmContext {
    AlgorithmContext(space: space, seed: seed, maximize: false, parallelism: parallelism)
  }

  /// A valley whose least value is at levels 6, 2, 4.
  private static func valley(_ point: Point) -> ObservedOutcome {
    let (a, b, c) = (rank(point, "a") - 6, rank(point, "b") - 2, rank(point, "c") - 4)
    return .completed(value: 3 * a * a + b * b + a * b + 2 * c * c)
  }

  private static func rank(_ point: Point, _ name: String) -> Double { point[name]!.number!.squareRoot() }

  private static func log(_ space: ParameterSpace, _ count: Int, told: Int) -> LearningLog {
    var log = LearningLog(axes: AxisRanks(space), maximize: false)
    let random = RandomSearch(space: space, seed: 3)
    for number in 1...count { log.register(random.point(number)!) }
    for index in 0..<told { log.observe(.completed(value: Double((index * 7919) % 1009))) }
    return log
  }

  /// Of 729 points the best one, within 40 trials, from any of four seeds.
  @Test(arguments: [1, 4]) func findsTheFootOfAValley(_ parallelism: Int) {
    for seed in 1...4 {
      let make = {
        HorizonSearch<GaussianProcess>(Self.context(Self.square, seed: UInt64(seed), parallelism: parallelism))
      }
      let rows = simulate(make, workers: parallelism, trials: 40, shuffle: 1, objective: Self.valley)
      #expect(rows.contains { $0.outcome == .completed(value: 0) }, "seed \(seed)")
    }
  }

  @Test func theScheduleOfUpdates() {
    let due = (2...1000).filter { ProcessChain.updates(at: $0) > 0 }
    let expected =
      Array(2...60) + Array(stride(from: 63, through: 120, by: 3)) + Array(stride(from: 130, through: 240, by: 10))
      + Array(stride(from: 250, through: 475, by: 25)) + Array(stride(from: 480, to: 960, by: 25)) + [960]
    #expect(due == expected)
    #expect((2...1000).filter { ProcessChain.updates(at: $0) == 10 } == [2, 60, 120, 240, 480, 960])
    // What a restart repeats is bounded, however many trials there are.
    for beginning in (0...12).map({ 60 << $0 }) {
      #expect((beginning..<2 * beginning).count { ProcessChain.updates(at: $0) > 0 } <= 21)
      #expect(ProcessChain.beginning(beginning) == beginning && ProcessChain.beginning(2 * beginning - 1) == beginning)
    }
    #expect([2, 60, 61, 120, 121, 250, 251].map(ProcessChain.particleCount) == [8, 8, 4, 4, 2, 2, 1])
  }

  /// A chain that moved on step by step is the one that began at its last beginning, whatever was asked in between.
  @Test func theChainDependsOnWhatIsToldAlone() {
    let whole = Self.log(Self.square, 140, told: 140)
    let axes = ProcessAxes(whole.axes)
    var steps = ProcessChain(seed: 5, axes: axes, told: 2)
    for told in 2...140 {
      let log = whole.known(told)
      if told == ProcessChain.beginning(told) { steps = ProcessChain(seed: 5, axes: axes, told: told) }
      if told % 3 != 1 { steps.advance(log) }
      guard [2, 9, 59, 60, 62, 119, 120, 125, 140].contains(told) else { continue }
      steps.advance(log)
      var fresh = ProcessChain(seed: 5, axes: axes, told: told)
      fresh.advance(log)
      #expect(fresh.particles.map(\.parameters) == steps.particles.map(\.parameters), "told \(told)")
      #expect(fresh.particles.count == ProcessChain.particleCount(told) && fresh.trials == Array(0..<told))
    }
    #expect(whole.known(70).modelLosses == Self.log(Self.square, 140, told: 70).modelLosses)
  }

  /// With many trials told the model knows the better half of 1,000 and a drawn half of the others, and the newest.
  @Test func manyTrialsAreChosenFrom() {
    let targets = ProcessTargets(Self.log(ParameterSpace([levels("a", 60), levels("b", 60)]), 1200, told: 1200))
    let chosen = TrialSelection.trials(by: targets.losses, half: 500, seed: 2)
    #expect(chosen.count == 1000 && Set(chosen).count == 1000 && chosen == chosen.sorted())
    #expect(Set(targets.best(500)).isSubset(of: chosen))
    // Those that are drawn are spread over the rest, and stay when more are told.
    let drawn = Set(chosen).subtracting(targets.best(500))
    #expect(drawn.count { $0 < 600 } > 200 && drawn.count { $0 >= 600 } > 200)
    #expect(TrialSelection.trials(by: targets.losses, half: 600, seed: 2) == Array(0..<1200))
  }

  /// A search of 1,040 told trials proposes the same after a restart as one that was asked at each of the last trials.
  @Test func aRestartWithManyTrialsContinuesTheSame() {
    let space = ParameterSpace([levels("a", 60), levels("b", 60)])
    let random = RandomSearch(space: space, seed: 3)
    let bumps = { (point: Point) in
      ObservedOutcome.completed(value: abs(Self.rank(point, "a") - 41) + abs(Self.rank(point, "b") - 17))
    }
    var running = HorizonSearch<GaussianProcess>(Self.context(space))
    var points = (1...1036).map { random.point($0)! }
    for (index, point) in points.enumerated() {
      running.register(index + 1, Suggestion(point: point, horizon: index, origin: Origin(kind: "random")))
      running.observe(index + 1, bumps(point))
    }
    for number in 1037...1040 {
      guard case .suggestion(let suggestion) = running.propose(number) else {
        Issue.record("no suggestion \(number)")
        return
      }
      running.register(number, suggestion)
      running.observe(number, bumps(suggestion.point))
      points.append(suggestion.point)
    }
    var restarted = HorizonSearch<GaussianProcess>(Self.context(space))
    for (index, point) in points.enumerated() {
      restarted.register(index + 1, Suggestion(point: point, horizon: index, origin: Origin(kind: "random")))
      restarted.observe(index + 1, bumps(point))
    }
    #expect(restarted.propose(1041) == running.propose(1041))
  }

  @Test func candidatesAreNewAndNearTheBest() {
    let log = Self.log(Self.square, 40, told: 38)
    var stream = SearchStream(seed: 1, purpose: .processProposal)
    let all = ProcessCandidates.points(near: [3, 5], in: log, &stream)
    #expect(all.count == 689 && Set(all).count == 689 && all.allSatisfy { !log.hasSeen($0) })
    let wide = ParameterSpace([levels("a", 20), levels("b", 20), levels("c", 20)])
    let wider = Self.log(wide, 40, told: 38)
    let some = ProcessCandidates.points(near: [3, 5], in: wider, &stream)
    #expect(some.count == 800 && Set(some).count == 800 && some.allSatisfy { !wider.hasSeen($0) })
    for (trial, place) in [(3, 0), (5, 2)] {
      for level in 0..<20 {
        var changed = wider.point(of: trial)
        changed[place] = Double(level)
        #expect(wider.hasSeen(changed) || some.contains(changed))
      }
    }
    #expect(ProcessCandidates.points(near: [3, 5], in: Self.log(wide, 300, told: 260), &stream).count == 400)
  }

  /// What is not present in a point does not appear in a candidate, and what is comes with a level.
  @Test func candidatesKeepConditions() {
    let space = ParameterSpace([
      Parameter(name: "layers", domain: .levels((1...4).map { .integer($0) }), isStructural: true),
      levels("units_1", 30),
      Parameter(
        name: "units_2", domain: .levels((1...30).map { .integer($0) }), condition: Condition("layers", .atLeast(2))),
      Parameter(name: "rate", domain: .realRange(minimum: 1e-4, maximum: 1, scale: .log)),
    ])
    let log = Self.log(space, 30, told: 30)
    var stream = SearchStream(seed: 2, purpose: .processProposal)
    let points = ProcessCandidates.points(near: [1, 2, 3, 4], in: log, &stream)
    #expect(points.count == 800)
    for point in points { #expect((point[0] == 0) == (point[3] < 0) && log.axes.settled(point) == point) }
  }

  /// 64 parameters of 10,000 levels, and one of 500 categories.
  @Test func manyParameters() {
    let space = ParameterSpace(
      (0..<64).map { levels("p\($0)", 10_000) }
        + [Parameter(name: "z", domain: .categories((0..<500).map { .integer($0) }))])
    let log = Self.log(space, 12, told: 12)
    var stream = SearchStream(seed: 1, purpose: .processProposal)
    let points = ProcessCandidates.points(near: [1, 2, 3, 4], in: log, &stream)
    #expect((32...800).contains(points.count) && points.allSatisfy { !log.hasSeen($0) })
  }

  /// Nothing completes, everything is equal, or every second trial fails: the whole space is still tried.
  @Test func worthlessOutcomes() {
    let space = ParameterSpace([
      levels("a", 4), levels("b", 3), Parameter(name: "c", domain: .categories([.boolean(true)])),
    ])
    let outcomes: [@Sendable (Point) -> ObservedOutcome] = [
      { _ in .failed }, { _ in .infeasible }, { _ in .completed(value: 1) }, { _ in .pruned(value: nil, at: nil) },
      { _ in .completed(value: 1e300) },
      { Self.rank($0, "a") > 1 ? .completed(value: -1e300) : .pruned(value: 3, at: 1) },
    ]
    for outcome in outcomes {
      let rows = simulate(
        { HorizonSearch<GaussianProcess>(Self.context(space)) }, workers: 2, trials: 40, shuffle: 2, objective: outcome)
      #expect(Set(rows.map(\.suggestion.point)).count == 12)
    }
  }
}
