import JSONText
import SearchAlgorithms
import SearchSpace
import TestSupport
import Testing

@testable import Studies

/// What a search and `best` get to see of `objective.tie_break`.
@Suite struct TieBreakTests {
  /// Awaits every trial before the next, and keeps what it is shown.
  struct Witness: LearningSearch {
    var trials = 0
    var seen: [ObservedOutcome] = []

    func propose(_ number: Int) -> Proposal {
      guard seen.count == trials else { return .awaits(trials) }
      let point = Point(["a": .integer(trials * trials)])
      return .suggestion(Suggestion(point: point, horizon: trials, origin: Origin(kind: "test")))
    }

    mutating func register(_ number: Int, _ suggestion: Suggestion) { trials = number }
    mutating func admit(_ number: Int, _ point: Point) {}
    mutating func observe(_ number: Int, _ outcome: ObservedOutcome) { seen.append(outcome) }
  }

  private static let metrics: [[String: Double]] = [
    ["train_loss": 0.25], ["train_loss": -3], ["validation_loss": 2], ["train_loss": .infinity], [:],
  ]

  private func bench(_ objective: JSONValue) throws -> LedgerBench {
    var bench = try LedgerBench(
      StudyBench.definition("s", sizes: [9], more: [("objective", objective)]), algorithm: { _ in Witness() })
    bench.work(5) { trial in
      .completed(
        scores: [0.5], metrics: Self.metrics[trial.number - 1], curve: LearningCurve(names: []), computeSeconds: 1)
    }
    return bench
  }

  private func seen(_ ledger: StudyLedger) throws -> [ObservedOutcome] {
    try #require(ledger.search.algorithm as? Witness).seen
  }

  @Test(
    arguments: [
      (#"{"tie_break": "train_loss"}"#, [0.25, -3, nil, nil, nil], [1: 0.25, 2: -3]),
      (#"{"tie_break": {"metric": "train_loss", "goal": "maximize"}}"#, [-0.25, 3, nil, nil, nil], [1: -0.25, 2: 3]),
      (#"{"goal": "minimize"}"#, [nil, nil, 2, nil, nil], [3: 2]),
      (#"{"tie_break": null}"#, [nil, nil, nil, nil, nil], [3: 2]),
    ] as [(String, [Double?], [Int: Double])])
  func theSearchSeesItLiveAndReplayed(_ text: String, _ wanted: [Double?], _ stored: [Int: Double]) throws {
    let bench = try bench(JSONValue(parsing: Array(text.utf8)))
    let outcomes = wanted.map { ObservedOutcome.completed(value: 0.5, tieBreak: $0) }
    #expect(try seen(bench.ledger) == outcomes)
    #expect(try seen(bench.replayed(held: [:])) == outcomes)
    #expect(bench.tieBreaks == stored)
  }
}
