import JSONText
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Trials that one worker is handed together, and points that are evaluated ahead.
@Suite struct StudyLedgerBatchTests {
  /// Five levels of `a`, the setting that says where a training ends, are one training.
  @Test func oneTrainingIsHandedOutTogether() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [5, 4]), progress: "a")
    let trials = bench.lease()
    #expect(trials.map(\.number) == [1, 2, 3, 4, 5])
    #expect(Set(trials.map(\.lease.id)).count == 5 && Set(trials.map { $0.point["b"] }).count == 1)
    #expect(bench.study?.counts.running == 5)
    let batch = try #require(bench.ledger.status(at: bench.moment).batches.first)
    // The longest end at a = 16, and the others on the way.
    #expect(batch.count == 5 && batch.operations == 16)
    #expect(bench.lease(to: "x").map(\.number) == [6, 7, 8, 9, 10])
  }

  @Test func noMoreThanMayRun() throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", sizes: [5, 4], more: [("max_running", 2)]), progress: "a")
    #expect(bench.lease().map(\.number) == [1, 2])
  }

  @Test func theBudgetEndsABatch() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [5, 4], budget: ["trials": 7]), progress: "a")
    #expect(bench.lease().count == 5 && bench.lease().map(\.number) == [6, 7])
  }

  /// Trials of one training that wait to be tried again go out together, too.
  @Test func whatComesBackTogetherGoesOutTogether() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [5, 4]), progress: "a")
    let trials = bench.lease()
    bench.report(trials) { $0.number == 3 ? StudyBench.completed(1) : .returned }
    #expect(bench.lease().map { [$0.number, $0.attempt] }.prefix(4) == [[1, 2], [2, 2], [4, 2], [5, 2]])
  }

  /// Short trainings of a search that learns nothing go out together once they are known to be short, never more than a
  /// small part of the study.
  @Test func shortTrainingsGoOutTogether() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [10, 10]))
    var sizes: [Int] = []
    while bench.study?.state == .running {
      let trials = bench.lease()
      sizes.append(trials.count)
      bench.pass(0.001)
      bench.report(trials) { StudyBench.outcome($0) }
    }
    #expect(sizes.first == 1 && sizes.max() == 2 && sizes.reduce(0, +) == 100, "\(sizes)")
  }

  @Test func longTrainingsGoOutOneByOne() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [10, 10]))
    while bench.study?.state == .running {
      let trials = bench.lease()
      #expect(trials.count == 1 || trials[0].point["a"] == .integer(0), "what costs nothing is never long")
      bench.pass(1000)
      bench.report(trials) { StudyBench.outcome($0) }
    }
  }

  @Test(arguments: SameTrialsTests.algorithms) func theSameTableInBatches(_ algorithm: JSONValue) throws {
    var plain = try LedgerBench(SameTrialsTests.definition(algorithm))
    plain.work()
    var bench = try LedgerBench(SameTrialsTests.definition(algorithm), progress: "b")
    bench.work { trial in
      trial.attempt == 1 && trial.number % 3 == 0
        ? .failed(message: "lost", class: .lost) : StudyBench.outcome(trial)
    }
    #expect(bench.table == plain.table && plain.study?.state == .completed)
  }

  /// What is reported early stays; the same report again changes nothing.
  @Test func earlyReports() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [5]), progress: "a")
    let trials = bench.lease()
    bench.report(Array(trials[..<2])) { StudyBench.completed(Double($0.number)) }
    #expect(bench.trials.values.count { $0.state == .completed } == 2)
    bench.report(trials) { StudyBench.completed(Double($0.number)) }
    bench.check()
    #expect(bench.study?.state == .completed && bench.study?.counts.completed == 5)
    #expect((1...5).map { bench.trials[$0]?.value } == [1, 2, 3, 4, 5])
  }

  /// A worker's time between trainings is shared out over its trials.
  @Test func whatKeepsAWorkerBusyCounts() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [5]), progress: "a")
    let trials = bench.lease()
    bench.pass(20)
    var report = WorkReport()
    for trial in trials {
      report.trials[trial.number] = StudyBench.completed(1)
      report.seconds[trial.number] = 1
    }
    _ = bench.ledger.report(trials, report, leaseFor: nil, at: bench.moment)
    #expect(bench.ledger.costs.count == 5 && bench.ledger.costs.y == 20)
  }

  @Test func whatIsReusedCostsNothing() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [3]))
    bench.work { trial in
      guard trial.number == 2 else { return StudyBench.completed(1) }
      return .completed(
        scores: [0.5], metrics: [:], curve: LearningCurve(names: []), computeSeconds: 0, reusedFrom: "t/trials/4")
    }
    #expect(bench.study?.counts.reused == 1 && bench.ledger.costs.count == 2)
    #expect((1...3).map { bench.trials[$0]?.reusedFrom } == [nil, "t/trials/4", nil])
  }

  // MARK: Ahead

  @Test func likelyPointsGoOutOnceEach() throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: ["name": "approximate_gradient", "preset": "paper"], sizes: [9, 9]))
    #expect(bench.ledger.leaseAhead() == nil, "there is a trial to run first")
    let first = bench.lease()
    var points: [Point] = []
    #expect(bench.ledger.mayRunAhead)
    while let assignment = bench.ledger.leaseAhead() { points.append(assignment.point) }
    #expect(!bench.ledger.mayRunAhead)
    #expect(!points.isEmpty && Set(points).count == points.count && !points.contains(first[0].point))
    #expect(bench.ledger.takeChanges(at: bench.moment).isEmpty, "no number, no count")
    // The neighbours of the start are what the poll asks for.
    bench.report(first) { _ in StudyBench.completed(1) }
    #expect(!bench.ledger.mayRunAhead && bench.ledger.hasWork)
    #expect(points.contains(bench.lease()[0].point))
  }

  /// One that was cut short may be gone on with; one that was evaluated, or that could not be, is not tried again.
  @Test(arguments: [true, false]) func aPointThatWasCutShortMayGoOutAgain(_ isCancelled: Bool) throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: ["name": "approximate_gradient", "preset": "paper"], sizes: [9, 9]))
    bench.lease()
    let given = bench.ledger.leaseAhead()
    let assignment = try #require(given)
    if isCancelled { assignment.cancellation.set() }
    _ = bench.ledger.report(ahead: assignment, [], leaseFor: nil, at: bench.moment)
    let next = bench.ledger.leaseAhead()
    #expect((next?.point == assignment.point) == isCancelled)
  }

  /// Every search that learns from outcomes has points for idle workers, and they change no trial.
  @Test(arguments: ["approximate_gradient", "gaussian_process", "tpe"])
  func aSearchThatLearnsIsRunAheadOf(_ algorithm: String) throws {
    let definition = StudyBench.definition(
      "s", algorithm: ["name": .string(algorithm)], sizes: [9, 9], budget: ["trials": 20])
    var plain = try LedgerBench(definition)
    plain.work()
    var bench = try LedgerBench(definition)
    var ahead: Set<Point> = []
    var hits = 0
    while true {
      let trials = bench.lease()
      guard let trial = trials.first else { break }
      hits += ahead.contains(trial.point) ? 1 : 0
      for _ in 0..<2 {
        guard let assignment = bench.ledger.leaseAhead() else { break }
        #expect(bench.trials.values.allSatisfy { $0.point != assignment.point })
        #expect(ahead.insert(assignment.point).inserted)
        _ = bench.ledger.report(ahead: assignment, [], leaseFor: nil, at: bench.moment)
      }
      #expect(ahead.isEmpty == false && bench.trials.count < 20 || bench.trials.count == 20)
      bench.report(trials) { StudyBench.outcome($0) }
    }
    #expect(bench.table == plain.table)
    #expect(hits > 5, "two workers ahead had \(hits) of 20")
  }

  /// Where the budget has no number left there is nothing to run ahead of.
  @Test func nothingRunsAheadOfTheLastTrial() throws {
    var bench = try LedgerBench(
      StudyBench.definition("s", algorithm: ["name": "tpe"], sizes: [9, 9], budget: ["trials": 2]))
    let first = bench.lease()
    #expect(bench.ledger.mayRunAhead)
    bench.report(first) { StudyBench.outcome($0) }
    bench.lease()
    #expect(!bench.ledger.mayRunAhead && bench.ledger.leaseAhead() == nil)
  }

  @Test func nothingRunsAheadWhereNothingIsReused() throws {
    var bench = try LedgerBench(
      StudyBench.definition(
        "s", algorithm: ["name": "approximate_gradient", "preset": "paper"], sizes: [9, 9], more: [("reuse", false)]))
    bench.lease()
    #expect(bench.ledger.leaseAhead() == nil)
  }

  /// What is left, in trials and operations, with what waits to be tried again.
  @Test func whatIsLeft() throws {
    var bench = try LedgerBench(StudyBench.definition("s", sizes: [3], budget: ["trials": 3]))
    func remaining() -> [Double] {
      bench.ledger.status(at: bench.moment).remaining.map { [Double($0.count), $0.operations] } ?? []
    }
    #expect(remaining() == [3, 5], "0 + 1 + 4")
    let out = bench.lease()
    #expect(remaining() == [2, 5])
    bench.report(out) { _ in .returned }
    #expect(remaining() == [3, 5])
    bench.work()
    #expect(remaining() == [0, 0])
  }
}
