import Testing

@testable import SearchAlgorithms

/// Telling the leaders apart.
struct LeaderRaceTests {
  /// Draws of the normal distribution, by the sum of twelve of a small generator.
  private struct Draws {
    var state: UInt64
    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var mixed = state ^ (state >> 33)
      mixed = mixed &* 0xFF51_AFD7_ED55_8CCD
      return Double((mixed ^ (mixed >> 33)) >> 11) / Double(1 << 53)
    }
    mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
  }

  /// Runs a race to its end; gives it with its verdict and how many runs it took.
  private func run(
    _ means: [Double], runs most: Int, seed: UInt64, maximize: Bool = true, confidence: Double = 0.95,
    spread: Double = 1
  ) -> (race: LeaderRace, verdict: LeaderRace.Verdict, runs: Int) {
    var draws = Draws(state: seed)
    for _ in 0..<3 { _ = draws.uniform() }
    var race = LeaderRace(means.map { _ in LeaderRace.Runs() }, maximize: maximize)
    var round = race.firstRound(LeaderRace.runsAtFirst)
    var (used, look, next) = (0, 0, 0)
    while true {
      for place in round.prefix(most - used) {
        race.begin(place)
        race.add(means[place] + spread * draws.normal(), of: place)
        used += 1
      }
      let isLook = used >= next || used >= most
      if isLook { (look, next) = (look + 1, used * 5 / 4 + 1) }
      let verdict = race.judge(confidence: confidence, look: isLook ? look : nil)
      if verdict != .open || used >= most { return (race, verdict, used) }
      round = race.nextRound()
    }
  }

  @Test("the tail of Student's t is that of tables")
  func tails() {
    // Two-sided 5 % and 0.1 %: t for 2, 4, 10 and 30 degrees of freedom.
    for (t, freedom, p) in [
      (4.302653, 2.0, 0.05), (2.776445, 4, 0.05), (2.228139, 10, 0.05), (2.042272, 30, 0.05), (4.586894, 10, 0.001),
      (2.776445, 5.9, 0.05),
    ] {
      #expect(abs(WelchTest.twoSidedTail(squared: t * t, degreesOfFreedom: freedom) - p) < 1e-6)
    }
    #expect(WelchTest.twoSidedTail(squared: 0, degreesOfFreedom: 7) == 1)
    #expect(WelchTest.twoSidedTail(squared: 1e12, degreesOfFreedom: 1e9) < 1e-12)
  }

  @Test("the best of ten, one deviation of a run above the others, is named with 70 % of the runs of equal shares")
  func namesTheBest() {
    // Equal shares need 117 runs for 95 %: ∫ Φ(z + √(n / 10))⁹ φ(z) dz.
    let means = [1.0] + Array(repeating: 0.0, count: 9)
    let named = (0..<500).count { seed in run(means, runs: 80, seed: UInt64(seed)).race.leader == 0 }
    #expect(named >= 475, "\(named) of 500")
  }

  @Test("two equal points stay together", arguments: [true, false])
  func staysTogether(maximize: Bool) {
    let wrong = (0..<500).count { seed in
      run([0, 0], runs: 100, seed: UInt64(seed), maximize: maximize).verdict != .open
    }
    #expect(wrong <= 25, "\(wrong) of 500")
  }

  @Test("the true best is rarely taken out, and a clear one ends the race early")
  func certainty() {
    let means = [3.0, 2, 0, 0, 0, 0, -1, -1, -1, -1]
    let races = (0..<200).map { run(means.map { -$0 }, runs: 400, seed: UInt64($0), maximize: false) }
    #expect(races.count { !$0.race.left.contains(0) } <= 10)
    #expect(races.count { $0.verdict == .one } >= 150)
    #expect(races.map(\.runs).reduce(0, +) / 200 < 300)
  }

  @Test("what gives one value in every run is alike, or told apart at once")
  func withoutChance() {
    #expect(run([1, 1, 1], runs: 60, seed: 1, spread: 0).verdict == .alike)
    let apart = run([1, 2, 2.5], runs: 60, seed: 1, spread: 0)
    #expect(apart.verdict == .one && apart.race.leader == 2 && apart.runs == 9)
  }

  @Test("contenders without a value drop out; nobody left is said so")
  func withoutValues() {
    var race = LeaderRace([.init(), .init(), .init()], maximize: true)
    for place in race.firstRound(1) { race.begin(place) }
    race.add(1, of: 2)
    #expect(race.judge(confidence: 0.95, look: 1) == .one)
    #expect(race.leader == 2 && race.left == [2])
    var empty = LeaderRace([], maximize: true)
    #expect(empty.judge(confidence: 0.95, look: 1) == .none)
    #expect(empty.nextRound().isEmpty)
  }

  @Test("a first round fills up what contenders lack, the first runs of all before the second")
  func firstRound() {
    var one = LeaderRace.Runs()
    one.begun = 2
    let race = LeaderRace([.init(), one, .init()], maximize: true)
    #expect(race.firstRound(3) == [0, 2, 0, 2, 0, 1, 2])
    #expect(LeaderRace.contenders(for: 5) == 2)
    #expect(LeaderRace.contenders(for: 60) == 10)
    #expect(LeaderRace.contenders(for: 1_000_000) == LeaderRace.most)
  }
}
