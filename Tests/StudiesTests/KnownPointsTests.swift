import JSONText
import SearchAlgorithms
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Points that a person brings: tried first, asked for on the way, tried before the study.
@Suite struct KnownPointsTests {
  private static let initial: JSONValue = [
    ["a": 9, "b": 4, "c": 1], ["a": 0, "b": 0, "c": 0], ["a": 16, "b": 9, "c": 4],
  ]
  private static let asked: [JSONValue] = [["a": 1, "b": 1, "c": 1], ["a": 4, "b": 9, "c": 0]]
  /// The searches, with the form of each that has another.
  private static let searches: [JSONValue] =
    AlgorithmCatalogue.all.map { ["name": .string($0.facts.name)] } + [
      ["name": "approximate_gradient", "preset": "paper"]
    ]

  private static func definition(_ algorithm: JSONValue, _ more: [(String, JSONValue)] = []) -> JSONValue {
    StudyBench.definition("s", algorithm: algorithm, budget: ["trials": 30], more: more)
  }

  /// The number after which the points are asked for.
  private static let moment = 9

  /// Runs a study, and asks for the points once so many trials are numbered; `restarts`: the service dies before each event.
  private func run(_ definition: JSONValue, workers: Int, restarts: Bool = false) throws -> LedgerBench {
    var bench = try LedgerBench(definition)
    var out: [TrialAssignment] = []
    var isAsked = false
    for step in 0..<1000 where bench.study?.state == .running {
      if restarts { bench.ledger = try bench.replayed(held: bench.ledger.running) }
      if !isAsked, bench.ledger.search.highest >= Self.moment {
        isAsked = true
        for point in Self.asked {
          guard !bench.trials.values.contains(where: { $0.point.json == point }) else { continue }
          _ = try bench.enqueue(point)
          bench.store()
        }
      } else if out.count < workers, bench.ledger.hasWork {
        out += bench.lease(to: Worker(name: "w", capacity: isAsked ? .max : Self.moment - bench.ledger.search.highest))
      } else if !out.isEmpty {
        bench.report([out.remove(at: (step * 7) % out.count)]) { StudyBench.outcome($0) }
      } else {
        bench.wake()
      }
    }
    return bench
  }

  @Test(arguments: searches) func everySearchTakesThem(_ algorithm: JSONValue) throws {
    let definition = Self.definition(algorithm, [("initial_points", Self.initial), ("parallelism", 1)])
    let one = try run(definition, workers: 1)
    let again = try run(definition, workers: 1, restarts: true)
    #expect(one.table == again.table, "\(algorithm.text)")
    let trials = one.trials.values.sorted { $0.number < $1.number }
    #expect(trials.prefix(3).map(\.point.json) == Self.initial.arrayValue)
    #expect(trials.prefix(3).allSatisfy { $0.origin.kind == "initial" && $0.horizon == 0 })
    #expect(Set(trials.map(\.point)).count == trials.count, "no point twice")
    let enqueued = trials.filter { $0.origin.kind == "enqueued" }
    #expect(enqueued.allSatisfy { Self.asked.contains($0.point.json) })
    #expect(one.study?.enqueued == 0 && one.study?.edits.count == enqueued.count)
    for (trial, before) in zip(trials.dropFirst(), trials) where trial.origin.kind == "enqueued" {
      #expect(trial.horizon == before.horizon, "it waits for nothing")
    }
  }

  @Test(arguments: ["grid", "random"]) func placesGoOn(_ name: String) throws {
    let plain = try run(Self.definition(["name": .string(name)]), workers: 3)
    let brought = try run(Self.definition(["name": .string(name)], [("initial_points", Self.initial)]), workers: 3)
    func own(_ bench: LedgerBench) -> [Point] {
      bench.trials.values.sorted { $0.number < $1.number }.filter { $0.origin.kind == name }.map(\.point)
    }
    let others = Set(brought.trials.values.filter { $0.origin.kind != name }.map(\.point))
    #expect(own(brought) == Array(own(plain).filter { !others.contains($0) }.prefix(own(brought).count)))
    let last = brought.trials.values.filter { $0.origin.kind == name }.max { $0.number < $1.number }
    #expect(last?.origin.facts.first?.name == "place")
  }

  @Test(arguments: [1, 3, 16]) func anyWorkersGiveOneTable(_ workers: Int) throws {
    for algorithm in Self.searches {
      let definition = Self.definition(algorithm, [("initial_points", Self.initial), ("parallelism", 4)])
      let bench = try run(definition, workers: workers)
      #expect(bench.study?.state == .completed)
      let points = bench.trials.values.map(\.point)
      #expect(Set(points).count == points.count)
    }
  }

  @Test func whatWasTriedBeforeIsNotTriedAgain() throws {
    let grid = Self.searches.filter { $0["preset"] == nil }
    let prior: JSONValue = .array(
      (0..<10).map { index in
        let parameters: JSONValue = [
          "a": .number(Double((index % 5) * (index % 5))), "b": .number(Double((index % 4) * (index % 4))), "c": 1,
        ]
        return ["parameters": parameters, "value": .number(Double(index) / 10)]
      })
    for algorithm in grid {
      let name = algorithm["name"]?.stringValue ?? ""
      guard !["grid", "auto", "successive_halving", "hyperband"].contains(name) else { continue }
      let bench = try run(Self.definition(algorithm, [("prior", prior), ("parallelism", 2)]), workers: 2)
      let again = try run(
        Self.definition(algorithm, [("prior", prior), ("parallelism", 2)]), workers: 1, restarts: true)
      let points = Set(bench.trials.values.map(\.point.json))
      for tried in prior.arrayValue ?? [] {
        let isAsked = Self.asked.contains(tried["parameters"]!)
        #expect(isAsked || !points.contains(tried["parameters"]!), "\(name)")
      }
      #expect(bench.trials.count == 30 && again.trials.count == 30)
    }
  }

  @Test func aPointIsAskedForOnce() throws {
    var bench = try LedgerBench(Self.definition(["name": "random"]))
    let point = Self.asked[0]
    #expect(try bench.enqueue(point).position == 1)
    #expect(throws: StudyError.self) { try bench.enqueue(point) }
    #expect(try bench.enqueue(Self.asked[1]).position == 2)
    #expect(try bench.ledger.withdraw(1, moment: bench.moment))
    #expect(try !bench.ledger.withdraw(1, moment: bench.moment))
    bench.store()
    #expect(bench.study?.enqueued == 1)
    #expect(try bench.replayed(held: [:]).search.asked == bench.ledger.search.asked)
    #expect(bench.lease().first?.point.json == Self.asked[1])
    #expect(bench.study?.enqueued == 0)
  }

  /// A trial got the point after it was looked for, and before it was asked for: the store refuses it, and it is in line no
  /// more.
  @Test func aPointThatWasTriedMeanwhileHoldsNothingUp() async throws {
    let bench = StudyBench()
    let (name, space) = ("s", CallerTests.definition([("algorithm", ["name": "random"])]))
    _ = try await bench.supervisor.create(space)
    let request = TrialRequest(worker: "w")
    let first = try #require(try await bench.supervisor.handOut(name, request).value.trials.first?.trial)
    _ = try await bench.supervisor.runner(name).enqueue(first.point)
    let other = TrialRequest(worker: "v")
    await #expect(throws: StudyError.self) { try await bench.supervisor.handOut(name, other) }
    let second = try #require(try await bench.supervisor.handOut(name, other).value.trials.first?.trial)
    #expect(second.number == 2 && second.point != first.point && second.origin.kind == "random")
    #expect(try await bench.study(name).enqueued == 0)
  }

  @Test func aPointOutsideOfTheSpaceIsNotAskedFor() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(Self.definition(["name": "random"]))
    for bad in [["a": 1, "b": 1], ["a": 1, "b": 1, "c": 3], ["a": 1, "b": 1, "c": 1, "d": 0]] as [JSONValue] {
      await #expect(throws: StudyError.self) { try await bench.supervisor.enqueue("s", bad, at: .root) }
    }
    #expect(try await bench.supervisor.enqueue("s", Self.asked[0], at: .root).value.position == 1)
  }

  @Test func aRetryByHandIsNotSeenByTheSearch() throws {
    var bench = try LedgerBench(
      Self.definition(["name": "approximate_gradient"], [("parallelism", 1), ("failure_limit", 3)]))
    bench.work(1) { _ in .failed(message: "broken", class: .error) }
    let failed = try #require(bench.trials[1])
    #expect(failed.state == .failed)
    let seen = bench.ledger.search.known
    let retried = try bench.ledger.retry(failed, moment: bench.moment)
    bench.store()
    #expect(retried.state == .queued && retried.attempt == 2 && bench.study?.reproducible.through == 0)
    #expect(bench.lease().map(\.number) == [1])
    bench.report([try #require(bench.assignments.first)]) { _ in StudyBench.completed(1) }
    #expect(bench.trials[1]?.state == .completed && bench.ledger.search.known == seen)
    #expect(try bench.replayed(held: [:]).search.known == seen)
    bench.check()
  }
}

extension LedgerBench {
  /// Asks for a point, given as a definition gives it.
  mutating func enqueue(_ value: JSONValue) throws -> EnqueuedPoint {
    try ledger.enqueue(try Point(json: value, space: ledger.study.resolved.space), moment: moment)
  }

  /// What runs now, as workers hold it.
  fileprivate var assignments: [TrialAssignment] {
    ledger.running.values.map { entry in
      TrialAssignment(
        lease: entry.lease, study: entry.trial.study, studyName: "s", number: entry.trial.number,
        replicate: entry.trial.replicate, attempt: entry.trial.attempt, definition: ledger.study.resolved,
        point: entry.trial.point, cancellation: entry.cancellation)
    }
  }
}
