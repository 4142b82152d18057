import JSONText
import SearchAlgorithms
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// New runs of the points that may still be best.
@Suite struct ConfirmTests {
  private static let searches: [JSONValue] =
    AlgorithmCatalogue.all.map { ["name": .string($0.facts.name)] } + [
      ["name": "approximate_gradient", "preset": "paper"]
    ]

  private static func definition(
    _ algorithm: JSONValue, trials: Int = 50, confirm: JSONValue? = ["trials": 25], _ more: [(String, JSONValue)] = []
  ) -> JSONValue {
    StudyBench.definition(
      "s", algorithm: algorithm, sizes: [6, 5, 4], budget: ["trials": .number(Double(trials))],
      more: (confirm.map { [("confirm", $0)] } ?? []) + more)
  }

  /// A value that chance moves from run to run; some runs have none.
  private static func noisy(_ trial: TrialAssignment) -> TrialReport {
    guard case .completed(let scores, _, _, _, _) = StudyBench.outcome(trial) else { return StudyBench.outcome(trial) }
    var hash = UInt64(trial.number) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(trial.replicate) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 31)) &* 0x94D0_49BB_1331_11EB
    if trial.replicate > 0, hash % 13 == 0 { return .failed(message: "no", class: .error) }
    return StudyBench.completed(scores[0] * 0.3 + Double((hash >> 20) % 1000) / 1000)
  }

  /// Runs a study. `restarts`: the service dies before each event; `asks`: a point is asked for once so many are numbered;
  /// `confirms`: more new runs are.
  private func run(
    _ definition: JSONValue, workers: Int, restarts: Bool = false, asks: Int? = nil, confirms: Int? = nil,
    _ outcome: (TrialAssignment) -> TrialReport = noisy
  ) throws -> LedgerBench {
    var bench = try LedgerBench(definition)
    var out: [TrialAssignment] = []
    var (asks, confirms) = (asks, confirms)
    for step in 0..<3000 where bench.study?.state == .running {
      if restarts {
        bench.ledger = try bench.replayed(held: bench.ledger.running)
        bench.ledger.settle(at: bench.moment)
      }
      let next = [asks, confirms].compactMap { $0 }.min() ?? .max
      if let number = asks, bench.ledger.search.highest >= number {
        asks = nil
        let point: JSONValue = ["a": 25, "b": 16, "c": 9]
        if !bench.trials.values.contains(where: { $0.point.json == point }) {
          _ = try bench.enqueue(point)
          bench.store()
        }
      } else if let number = confirms, bench.ledger.search.highest >= number {
        confirms = nil
        try bench.confirm(20, confidence: 0.9)
      } else if out.count < workers, bench.ledger.hasWork, bench.ledger.search.highest < next {
        out += bench.lease(to: Worker(name: "w", capacity: min(workers, next - bench.ledger.search.highest)))
      } else if !out.isEmpty {
        bench.report([out.remove(at: (step * 7) % out.count)], outcome)
      } else {
        bench.wake()
      }
    }
    return bench
  }

  private func new(_ bench: LedgerBench) -> [Trial] {
    bench.trials.values.filter { $0.replicate > 0 }.sorted { $0.number < $1.number }
  }

  @Test(arguments: searches) func everySearchLeavesRoom(_ algorithm: JSONValue) throws {
    let definition = Self.definition(algorithm)
    let one = try run(definition, workers: 1)
    #expect(one.study?.state == .completed)
    #expect(one.trials.count <= 50 && new(one).count <= 25 && new(one).count > 3, "\(algorithm.text)")
    let search = one.trials.values.filter { $0.replicate == 0 }
    #expect(search.count <= 25 && Set(search.map(\.point)).count == search.count)
    #expect(Set(one.trials.values.map { "\($0.point.key) \($0.replicate)" }).count == one.trials.count)
    for trial in new(one) {
      #expect(trial.origin.kind == "confirm" && trial.origin.facts.first?.name == "round")
      let first = search.first { $0.point == trial.point }
      #expect(first?.state == .completed && first?.number ?? .max <= trial.horizon && trial.horizon < trial.number)
    }
    let rounds = Dictionary(grouping: new(one)) { $0.origin.facts[0].value }
    #expect(rounds.values.allSatisfy { Set($0.map(\.horizon)) == [$0.map(\.number).min()! - 1] })
    #expect(!one.left.isEmpty && one.study?.stopReason?.detail.contains("new runs") == true)
    for workers in [3, 16] {
      #expect(try run(definition, workers: workers).table == one.table, "\(algorithm.text): \(workers) workers")
    }
    #expect(try run(definition, workers: 3, restarts: true).table == one.table, "\(algorithm.text): restarts")
  }

  @Test(arguments: [12, 24, 26, 33]) func editsOnTheWay(_ moment: Int) throws {
    for algorithm in ["random", "tpe"] {
      let definition = Self.definition(["name": .string(algorithm)])
      for (asks, confirms) in [(moment, nil), (nil, moment), (moment, moment + 3)] as [(Int?, Int?)] {
        let one = try run(definition, workers: 1, asks: asks, confirms: confirms)
        let again = try run(definition, workers: 1, restarts: true, asks: asks, confirms: confirms)
        #expect(one.table == again.table, "\(algorithm) \(String(describing: asks)) \(String(describing: confirms))")
        let total = confirms == nil ? 50 : 70
        #expect(one.study?.budget.trials == total && one.trials.count <= total)
        #expect(new(one).count <= (confirms == nil ? 25 : 45))
        #expect(one.study?.state == .completed)
        #expect(one.left == again.left)
      }
    }
  }

  @Test func aRunningSearchMayBeAskedToConfirm() throws {
    for algorithm in ["grid", "tpe"] {
      let definition = Self.definition(["name": .string(algorithm)], trials: 30, confirm: nil)
      let one = try run(definition, workers: 1, confirms: 10)
      #expect(one.trials.values.count { $0.replicate == 0 } == 30 && new(one).count <= 20 && new(one).count > 3)
      #expect(try run(definition, workers: 1, restarts: true, confirms: 10).table == one.table)
    }
  }

  @Test(arguments: ["grid", "random", "tpe"]) func aStudyThatHasEndedGoesOn(_ algorithm: String) throws {
    var bench = try run(Self.definition(["name": .string(algorithm)], trials: 30, confirm: nil), workers: 2)
    #expect(bench.study?.state == .completed && bench.trials.count == 30)
    try bench.confirm(12)
    #expect(bench.study?.state == .running && bench.study?.budget.trials == 42)
    bench.work { Self.noisy($0) }
    #expect(bench.study?.state == .completed && new(bench).count == 12)
    #expect(bench.study?.stopReason?.code == .budgetTrials)
    #expect(throws: StudyError.self) { try bench.edit(["budget": ["trials": 60]]) }
    // More of it, and then again.
    try bench.confirm(6)
    bench.work { Self.noisy($0) }
    #expect(new(bench).count == 18 && bench.trials.count == 48)
  }

  @Test func whatEndedByItsTimeEndsItsSearch() throws {
    let budget: JSONValue = ["trials": 40, "seconds": 5]
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: ["name": "tpe"], sizes: [6, 5, 4], budget: budget))
    bench.work(10) { Self.noisy($0) }
    bench.pass(6)
    bench.wake()
    #expect(bench.study?.stopReason?.code == .budgetSeconds)
    try bench.confirm(12)
    bench.work { Self.noisy($0) }
    #expect(bench.study?.state == .completed && bench.trials.values.count { $0.replicate == 0 } == 10)
    #expect(new(bench).count == 12 && bench.study?.budget.seconds == nil)
    #expect(bench.study?.edits.first?.changes["budget"]?["seconds"] == .null)
  }

  @Test func oneIsLeft() throws {
    let definition = Self.definition(["name": "random"], trials: 60, confirm: ["trials": 40])
    let bench = try run(definition, workers: 2) { StudyBench.outcome($0) }
    #expect(bench.study?.stopReason?.code == .confirmed && new(bench).count < 40)
    let best = bench.trials.values.filter { $0.replicate == 0 }.compactMap(\.value).max()
    #expect(!bench.left.isEmpty && bench.left.count < 6)
    for point in bench.left { #expect(bench.trials.values.first { $0.point == point }?.value == best) }
    #expect(throws: StudyError.self) {
      var bench = bench; try bench.edit(["budget": ["trials": 100]])
    }
  }

  @Test func aTargetAndAStallAreTheSearchs() throws {
    let definition = Self.definition(
      ["name": "random"], trials: 30, confirm: ["trials": 15],
      [("objective", ["metric": "validation_accuracy", "target": 2]), ("failure_limit", 1000)])
    let bench = try run(definition, workers: 2) { $0.replicate > 0 ? StudyBench.completed(3) : Self.noisy($0) }
    #expect(bench.study?.stopReason?.code == .confirmed, "all new runs gave 3, and none of them is the search's")
    var reached = try run(definition, workers: 1) { _ in StudyBench.completed(2) }
    #expect(reached.study?.stopReason?.code == .target && reached.trials.count == 1)
    try reached.confirm(6)
    reached.work { Self.noisy($0) }
    #expect(reached.study?.state == .completed && !new(reached).isEmpty)
  }

  @Test func nothingToConfirm() throws {
    let definition = Self.definition(
      ["name": "random"], trials: 20, confirm: ["trials": 10], [("failure_limit", 1000)])
    var bench = try run(definition, workers: 2) { _ in .failed(message: "no", class: .error) }
    #expect(bench.study?.state == .completed && bench.trials.count == 10)
    #expect(throws: StudyError.self) { try bench.confirm(5) }
    try bench.edit(["budget": ["trials": 25]])
    bench.work { Self.noisy($0) }
    #expect(bench.trials.values.count { $0.replicate == 0 } == 15 && !new(bench).isEmpty)
  }

  @Test func aBudgetChangesWhileTheSearchHasIt() throws {
    var bench = try LedgerBench(Self.definition(["name": "tpe"]))
    bench.work(10) { Self.noisy($0) }
    try bench.edit(["budget": ["trials": 40]])
    bench.work(10) { Self.noisy($0) }
    #expect(new(bench).count == 5, "15 are the search's now")
    #expect(throws: StudyError.self) { try bench.edit(["budget": ["trials": 41]]) }
    #expect(throws: StudyError.self) { try bench.edit(["budget": .null]) }
    try bench.edit(["budget": ["trials": 30]])
    bench.work { Self.noisy($0) }
    #expect(bench.trials.count == 30 && bench.study?.stopReason?.code == .budgetTrials)
  }
}
