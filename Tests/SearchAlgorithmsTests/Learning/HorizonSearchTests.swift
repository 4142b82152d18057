import SearchSpace
import Testing

@testable import SearchAlgorithms

/// Suggests the first point of the grid without a trial, and tells how much it knows.
private struct Telling: LearningMethod {
  private var learned = 0
  private var registered = 0

  init(_ context: AlgorithmContext, axes: AxisRanks) {}

  func suggest(_ log: LearningLog) -> MethodChoice {
    let origin = Origin(
      kind: "telling",
      ["told": .integer(log.told), "learned": .integer(learned), "registered": .integer(registered)])
    return log.firstUnseenPoint.map { .point($0, origin) } ?? .exhausted(.converged)
  }

  mutating func register(_ origin: Origin, in log: LearningLog) { registered = log.count }
  mutating func learn(_ log: LearningLog) { learned = log.told }
  func likely(_ log: LearningLog) -> [RankedPoint] { log.firstUnseenPoint.map { [$0] } ?? [] }
}

@Suite struct HorizonSearchTests {
  private static let space = ParameterSpace([levels("a", 40)])

  private static func make(_ parallelism: Int) -> HorizonSearch<Telling> {
    HorizonSearch(AlgorithmContext(space: space, seed: 0, maximize: false, parallelism: parallelism))
  }

  @Test(arguments: [1, 3, 16]) func suggestionsSeeUpToTheHorizon(_ parallelism: Int) {
    for (workers, shuffle) in [(1, 1), (3, 2), (16, 3)] {
      let rows = simulate({ Self.make(parallelism) }, workers: workers, trials: 100, shuffle: UInt64(shuffle))
      #expect(rows.count == 40)
      for (index, row) in rows.enumerated() {
        let horizon = max(0, index + 1 - parallelism)
        #expect(row.suggestion.horizon == horizon)
        #expect(row.suggestion.origin.facts.map(\.value) == [.integer(horizon), .integer(horizon), .integer(index)])
      }
    }
  }

  @Test func aFullSpaceIsExhausted() {
    var search = Self.make(100)
    for number in 1...40 {
      guard case .suggestion(let suggestion) = search.propose(number) else { return #expect(Bool(false)) }
      // Nothing is awaited before the first.
      #expect(search.likely == (number == 1 ? [] : [suggestion.point]))
      search.register(number, suggestion)
    }
    #expect(search.propose(41) == .exhausted(.spaceExhausted))
  }
}
