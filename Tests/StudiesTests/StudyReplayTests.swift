import Foundation
import JSONText
import SearchAlgorithms
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// A ledger that is built from its own changes equals the one that made them, whatever has happened.
@Suite struct StudyReplayTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var algorithm: JSONValue
    var seed: UInt64
    var pruning: JSONValue?
    var testDescription: String { "\(algorithm.text) \(seed) \(pruning?.text ?? "")" }
  }

  static let cases = SameTrialsTests.algorithms.flatMap { algorithm in
    (1...12).map { Case(algorithm: algorithm, seed: UInt64($0)) }
      + (13...18).map {
        Case(algorithm: algorithm, seed: UInt64($0), pruning: SameTrialsTests.rules[$0 % SameTrialsTests.rules.count])
      }
  }

  /// A study that events meet at random, drawn from a seed.
  private struct Play {
    var bench: LedgerBench
    private let draws: KeyedGenerator
    private var drawn: UInt64 = 0
    /// What workers hold, by worker, also where its lease is no longer good.
    private(set) var out: [String: [TrialAssignment]] = [:]

    init(_ definition: JSONValue, seed: UInt64, progress: String? = nil) throws {
      bench = try LedgerBench(definition, progress: progress)
      draws = KeyedGenerator(seed: seed, key: [])
    }

    mutating func draw(_ count: Int) -> Int {
      drawn += 1
      return Int(draws.integer(below: UInt64(count), at: drawn))
    }

    /// What becomes of a trial: its own outcome, or one of the troubles that it gets over.
    private mutating func outcome(_ trial: TrialAssignment) -> TrialReport {
      switch draw(12) {
      case 0 where trial.attempt < 3: .failed(message: "gone", class: .lost)
      case 1: .returned
      default: StudyBench.outcome(trial)
      }
    }

    mutating func step() throws {
      let worker: Worker = "w\(draw(4))"
      bench.pass(Double(draw(3)))
      switch draw(20) {
      case 0: _ = try? bench.ledger.pause(revision: nil, at: bench.moment)
      case 1...3: _ = try? bench.ledger.resume(revision: nil, at: bench.moment)
      case 4: _ = try? bench.ledger.edit(["notes": .string("\(drawn)")], revision: nil, at: bench.moment)
      case 5:
        let more = (bench.ledger.study.budget.trials ?? 0) + draw(4)
        _ = try? bench.ledger.edit(
          ["budget": ["trials": .number(Double(more))]], revision: nil, at: bench.moment)
      case 6:
        if let point = bench.ledger.leaseAhead() {
          _ = bench.ledger.report(ahead: point, [], leaseFor: nil, at: bench.moment)
        }
      case 7: bench.ledger.touch()
      default:
        if let trials = out.removeValue(forKey: worker.name) {
          var report = WorkReport()
          for trial in trials { report.trials[trial.number] = outcome(trial) }
          let next = bench.ledger.report(
            trials, report, leaseFor: draw(2) == 0 ? worker : nil, at: bench.moment)
          if !next.isEmpty { out[worker.name] = next }
        } else {
          let trials = bench.ledger.lease(to: worker, at: bench.moment)
          if !trials.isEmpty { out[worker.name] = trials }
        }
      }
    }
  }

  private static func definition(_ test: Case, trials: Int = 12) -> JSONValue {
    StudyBench.definition(
      "s", algorithm: test.algorithm, sizes: [4, 3, 3], budget: ["trials": .number(Double(trials))],
      more: test.pruning.map { [("pruning", $0)] } ?? [])
  }

  @Test(arguments: cases) func theLedgerOfItsOwnChanges(_ test: Case) throws {
    var play = try Play(Self.definition(test), seed: test.seed, progress: test.seed % 2 == 0 ? "a" : nil)
    for step in 0..<150 {
      try play.step()
      // Several events are stored together, as they are where they come fast.
      if play.draw(3) == 0 { continue }
      play.bench.store()
      play.bench.check("step \(step)")
      let replayed = try play.bench.replayed(held: play.bench.ledger.running)
      expectSame(replayed, play.bench.ledger, "step \(step)")
      // Now and then the study goes on with it.
      if play.draw(4) == 0 { play.bench.ledger = replayed }
    }
  }

  /// A store that refuses changes nothing but what has to be done again: the table is that of a study without trouble.
  @Test(arguments: cases) func refusalsAndRestartsChangeNoTrial(_ test: Case) throws {
    var straight = try LedgerBench(Self.definition(test, trials: 20))
    straight.work()
    var play = try Play(Self.definition(test, trials: 20), seed: test.seed)
    var workers: [String: [TrialAssignment]] = [:]
    while play.bench.study?.state == .running {
      let before = play.bench.ledger.running
      let worker: Worker = "w\(play.draw(3))"
      var new: [TrialAssignment]
      if let trials = workers[worker.name] {
        var report = WorkReport()
        for trial in trials { report.trials[trial.number] = StudyBench.outcome(trial) }
        new = play.bench.ledger.report(trials, report, leaseFor: worker, at: play.bench.moment)
      } else {
        new = play.bench.ledger.lease(to: worker, at: play.bench.moment)
      }
      switch play.draw(5) {
      case 0:
        // Refused: the worker keeps what it has.
        play.bench.ledger = try play.bench.replayed(held: before)
        continue
      case 1:
        // Stored, and the service dies: nobody holds anything.
        play.bench.store()
        play.bench.ledger = try play.bench.replayed(held: [:])
        play.bench.wake()
        workers = [:]
        new = []
      default: play.bench.store()
      }
      play.bench.check()
      workers[worker.name] = new.isEmpty ? nil : new
    }
    #expect(play.bench.table == straight.table)
  }

  /// What workers hold that the store has otherwise is not wanted any more.
  @Test func whatIsHeldAndNotStoredIsCancelled() throws {
    var bench = try LedgerBench(StudyBench.definition("s"))
    bench.lease(to: "v")
    let held = bench.ledger.running
    let other = try #require(held[1])
    var gone = other
    gone.trial.number = 2
    gone.cancellation = CancellationFlag()
    var again = try bench.replayed(held: [1: other, 2: gone])
    let cancelled = again.takeCancellations()
    #expect(cancelled.count == 1 && cancelled[0] === gone.cancellation)
    #expect(again.running.mapValues(\.lease) == [1: other.lease] && again.takeChanges(at: bench.moment).isEmpty)
    // Nobody holds it: it goes back into the line under the next attempt.
    bench.ledger = try bench.replayed(held: [:])
    bench.store()
    #expect(bench.stored == ["1 queued", "study"] && bench.trials[1]?.attempt == 2)
  }

  /// A search that only counts is built from its last trials and the open ones.
  @Test(arguments: [["name": "grid"], ["name": "random"]] as [JSONValue], [7, 300])
  func theTailIsEnough(_ algorithm: JSONValue, _ count: Int) throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: algorithm, sizes: [20, 10, 3], budget: ["trials": 500]))
    var left: [TrialAssignment] = []
    while bench.trials.count < count {
      let trials = bench.lease()
      try #require(!trials.isEmpty)
      // One of the first and one of the last stay open.
      bench.pass(1000)
      left += trials.filter { [2, count - 1].contains($0.number) }
      bench.report(trials.filter { ![2, count - 1].contains($0.number) }) {
        $0.number > count - 4 ? .failed(message: "no", class: .error) : StudyBench.completed(1)
      }
    }
    #expect(left.map(\.number) == [2, count - 1])
    let all = bench.trials.values.sorted { $0.number < $1.number }
    let open = all.filter { !$0.state.isOutcome }
    let known = all.filter { $0.number > all.count - StudyReplay.tail || !$0.state.isOutcome }
    var replay = StudyReplay(
      try #require(bench.study), rules: bench.rules, held: bench.ledger.running, at: bench.moment)
    #expect(!replay.needsHistory)
    replay.skip(
      to: all.count, known: known,
      failures: FailureRun(
        prefix: 1, inARow: 0, highest: all.count, open: Set(open.map(\.number)),
        failed: Set(all.filter { $0.state == .failed }.map(\.number))))
    var again = replay.finish()
    #expect(again.failures.inARow == bench.ledger.failures.inARow)
    #expect(again.search.known == bench.ledger.search.known && again.search.last == bench.ledger.search.last)
    #expect(again.running.mapValues(\.lease) == bench.ledger.running.mapValues(\.lease))
    let next = (again.lease(to: "w", at: bench.moment), bench.ledger.lease(to: "w", at: bench.moment))
    #expect(next.0.first?.point == next.1.first?.point && next.0.first?.number == count + 1)
  }
}
