import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct TrialLogTests {
  private static func point(_ value: Int) -> Point { Point(["a": .integer(value)]) }

  @Test(arguments: [true, false]) func theFirstOfTheBestIsTheBest(_ maximize: Bool) throws {
    var log = TrialLog(maximize: maximize)
    let outcomes: [ObservedOutcome] = [
      .completed(value: 2), .infeasible, .completed(value: 5), .completed(value: 5), .completed(value: 2), .failed,
    ]
    for (index, outcome) in outcomes.enumerated() {
      log.register(index + 1, Self.point(index))
      log.observe(index + 1, outcome)
    }
    #expect(log.count == 6 && log.point(of: 3) == Self.point(2) && log.number(of: Self.point(2)) == 3)
    #expect(log.number(of: Self.point(9)) == nil && log.value(of: 2) == nil && log.value(of: 6) == nil)
    let best = try #require(log.best(of: 1...6))
    #expect(best == (maximize ? (3, 5) : (1, 2)))
    #expect(log.best(of: [2, 6]) == nil && log.best(of: []) == nil)
    #expect(log.ranked(1...6) == (maximize ? [3, 4, 1, 5] : [1, 5, 3, 4]) && log.ranked([2, 6]).isEmpty)
    #expect(log.isBetter(5, than: 2) == maximize && !log.isBetter(2, than: 2))
  }

  /// The smaller tie-break is the better one, whichever way the objective goes; none is the worst.
  @Test(arguments: [true, false]) func tieBreaksDecideBetweenEqualValues(_ maximize: Bool) {
    var log = TrialLog(maximize: maximize)
    for (index, tie) in [0.5, nil, 0.25, 0.5, -1].enumerated() {
      log.register(index + 1, Self.point(index))
      log.observe(index + 1, .completed(value: 1, tieBreak: tie))
    }
    #expect(log.ranked(1...5) == [5, 3, 1, 4, 2])
    #expect(log.best(of: 1...5)?.number == 1, "the preset paper compares by the objective alone")
  }
}
