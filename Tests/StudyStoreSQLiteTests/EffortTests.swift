import Foundation
import GRDB
import GRDBSQLite
import JSONText
import SearchSpace
import Synchronization
import TestSupport
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// How many steps SQLite's machine takes: for one answer about as many with 20,000 trials as with 200, whatever is equal.
@Suite struct EffortTests {
  /// How the values of a study's trials lie.
  enum Values: String, CaseIterable, Sendable {
    case allEqual, noneEqual, noLosses
    var value: String { self == .noneEqual ? "i / 1e6" : "0.5" }
    var loss: String { self == .noLosses ? "NULL" : self == .noneEqual ? "1 - i / 1e6" : "0.25" }
  }

  /// Counts the steps of every connection.
  final class Steps: Sendable {
    let count = Atomic<Int>(0)

    func watch(_ database: Database) {
      sqlite3_progress_handler(
        database.sqliteConnection, 1,
        { context in
          guard let context else { return 0 }
          Unmanaged<Steps>.fromOpaque(context).takeUnretainedValue().count.add(1, ordering: .relaxed)
          return 0
        }, Unmanaged.passUnretained(self).toOpaque())
    }

    func taken(_ body: () async throws -> Void) async throws -> Int {
      let before = count.load(ordering: .relaxed)
      try await body()
      return count.load(ordering: .relaxed) - before
    }
  }

  /// Fills a study with completed trials, a few of other states at the end, and their points.
  static func fill(_ store: SQLiteStudyStore, _ study: UUID, _ count: Int, _ values: Values) async throws {
    try await store.pool.write { database in
      let key = try Int64.fetchOne(database, sql: "SELECT key FROM studies WHERE id = ?", arguments: [study.uuidString])
      let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
      try database.execute(
        sql: """
          \(numbers) INSERT INTO trials (study, number, replicate, state, parameters, value, scores, metrics, origin, \
          horizon, algorithm_version, attempt, failures, crashes, created_at) \
          SELECT ?1, i, 0, iif(i % 100 = 50, 'failed', 'completed'), '{"a":' || -i || ',"b":0}', \
          iif(i % 100 = 50, NULL, \(values.value)), '[0.5]', '{}', '{"kind":"grid"}', 0, 1, 1, 0, 0, i FROM n
          """, arguments: [key, count])
      try database.execute(
        sql: """
          \(numbers) INSERT INTO points (study, parameters, n, mean, m2, loss_n, loss, first_trial) \
          SELECT ?1, '{"a":' || -i || ',"b":0}', 1, \(values.value), 0, 1, \
          \(values.loss), i FROM n WHERE i % 100 <> 50
          """, arguments: [key, count])
      try database.execute(
        sql: """
          \(numbers) INSERT INTO journal (kind, study, name, number, at) \
          SELECT 'trial', ?1, 'other', i, 0 FROM n
          """, arguments: [UUID().uuidString, count])
      try database.execute(
        sql: "UPDATE studies SET completed = ?2 - ?2 / 100, failed = ?2 / 100 WHERE key = ?1", arguments: [key, count])
    }
  }

  /// What is asked, by name; each ends with about the same number of rows for every size.
  private static func questions(
    _ store: SQLiteStudyStore, _ study: Study, _ count: Int
  ) -> [(String, () async throws -> Void)] {
    func trials(_ states: Set<TrialState>, _ order: TrialFilter.Order, _ maximize: Bool, _ after: TrialKey?)
      async throws
    {
      var query = TrialFilter()
      query.states = states
      query.order = order
      query.maximize = maximize
      _ = try await store.trials(study: study.id, query, after: after, limit: 2)
    }
    let middle = TrialKey(number: count / 2, value: nil)
    var questions: [(String, () async throws -> Void)] = [
      ("study", { _ = try await store.study(named: study.name) }),
      ("position", { _ = try await store.position() }),
      ("trial", { _ = try await store.trial(study: study.id, number: count / 2) }),
      ("by number", { try await trials([], .number, true, middle) }),
      ("failed", { try await trials([.failed], .number, true, middle) }),
      ("queued", { try await trials([.queued], .number, true, nil) }),
      ("queued and stopped", { try await trials([.queued, .stopped], .number, true, nil) }),
      ("failed and queued", { try await trials([.failed, .queued], .number, true, middle) }),
      ("without value", { try await trials([], .value, true, middle) }),
      ("failed by value", { try await trials([.failed], .value, true, nil) }),
      ("rows", { _ = try await store.trialRows(study: study.id, states: [.failed, .queued], beyond: 0, limit: 2) }),
      ("leader", { _ = try await store.leaders(of: [study.id]) }),
      ("journal", { _ = try await store.journal(study: study.id, beyond: 0, limit: 10) }),
      ("a study's update", { try await store.commit([.updateStudy(study)]) }),
      (
        "a deletion",
        {
          try await store.pool.writeWithoutTransaction { database in
            try database.inTransaction {
              let writer = ChangeWriter(journalLength: 100_000, logSpace: 1 << 30)
              _ = try writer.apply([.deleteStudy(id: study.id, name: "s")], to: database)
              return .rollback
            }
          }
        }
      ),
    ]
    for maximize in [true, false] {
      questions += [
        ("best", { _ = try await store.bestPoints(study: study.id, maximize: maximize, count: 10) }),
        ("repeated", { _ = try await store.repeatedPoints(study: study.id, maximize: maximize, count: 10) }),
        ("by value", { try await trials([], .value, maximize, nil) }),
        ("completed by value", { try await trials([.completed, .queued], .value, maximize, nil) }),
        (
          "on by value",
          { try await trials([], .value, maximize, TrialKey(number: count / 2, value: 0.5)) }
        ),
      ]
    }
    return questions
  }

  @Test(arguments: Values.allCases)
  func answersDoNotGrowWithAStudy(_ values: Values) async throws {
    var small: [Int] = []
    for count in [200, 20_000] {
      let folder = try TemporaryFolder()
      let steps = Steps()
      let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite", smallBytes: 0) { steps.watch($0) }
      var study = Sample.study("s")
      study.resolved.space = ParameterSpace(
        ["a", "b"].map { Parameter(name: $0, domain: .levels([.integer(0), .integer(1)])) })
      try await store.commit([.insertStudy(study)])
      try await Self.fill(store, study.id, count, values)
      let questions = Self.questions(store, study, count)
      // Once beforehand: a connection that is new reads the schema.
      for question in questions { for _ in 0..<6 { try await question.1() } }
      for (index, question) in questions.enumerated() {
        let taken = try await steps.taken(question.1)
        if count == 200 {
          small.append(taken)
        } else {
          #expect(taken <= 2 * small[index] + 100, "\(question.0): \(small[index]), then \(taken)")
        }
      }
      #expect(steps.count.load(ordering: .relaxed) > 0)
      try store.close()
      withExtendedLifetime(steps) {}
    }
  }

  /// What is asked of a runner that has nothing in memory.
  @Test(arguments: ["start", "notes of a completed study", "pause"])
  func aRunnerReadsWhatItNeeds(_ what: String) async throws {
    var small = 0
    for count in [1000, 20_000] {
      let folder = try TemporaryFolder()
      let steps = Steps()
      let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite", smallBytes: 0) { steps.watch($0) }
      let first = StudyBench(store: store)
      let algorithm: JSONValue =
        what == "notes of a completed study"
        ? ["name": "approximate_gradient", "preset": "paper"] : ["name": "grid"]
      _ = try await first.supervisor.create(
        StudyBench.definition("s", algorithm: algorithm, sizes: [200, 200], budget: ["trials": 30_000]))
      try await Self.fill(store, try await first.study("s").id, count, .allEqual)
      if what == "notes of a completed study" {
        try await store.pool.write { database in
          try database.execute(
            sql: "UPDATE studies SET state = 'completed', stop_code = 'budget_trials', finished_at = 1")
        }
      }
      let bench = StudyBench(store: store)
      let taken = try await steps.taken {
        try await bench.supervisor.start()
        switch what {
        case "start":
          guard case .trials(let trials)? = try await bench.supervisor.queue.next(worker: "w", finished: nil) else {
            Issue.record("no trial")
            return
          }
          #expect(trials.map(\.number) == [count + 1])
        case "pause": _ = try await bench.supervisor.pause("s", revision: nil)
        default:
          let edited = try await bench.supervisor.edit("s", patch: ["notes": "n"], revision: nil).value
          #expect(edited.notes == "n" && edited.state == .completed)
        }
      }
      if count == 1000 {
        small = taken
      } else {
        #expect(taken <= 2 * small + 20_000, "\(small), then \(taken)")
      }
      try store.close()
      withExtendedLifetime(steps) {}
    }
  }
}
