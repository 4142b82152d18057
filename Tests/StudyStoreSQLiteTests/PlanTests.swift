import Foundation
import GRDB
import Promises
import StudyDefinitions
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// How SQLite goes about every statement of the store: along an index that has the order that is asked for, never through a
/// table that grows, and never by sorting what was found.
@Suite struct PlanTests {
  /// What may be sorted or looked through, because it is small whatever is stored.
  private static let bounded: [(statement: String, step: String)] = [
    // One row for each table that counts.
    ("SELECT seq FROM sqlite_sequence WHERE name = 'journal'", "SCAN sqlite_sequence"),
    // Ends after a few rows, which come in the order of the index.
    (
      "FROM studies WHERE gone = 0 ORDER BY created_at DESC, id DESC LIMIT ?",
      "SCAN studies USING INDEX studies_by_time"
    ),
    (
      "FROM comparisons ORDER BY created_at DESC, id DESC LIMIT ?",
      "SCAN comparisons USING INDEX comparisons_by_time"
    ),
    ("SELECT rowid FROM idempotency_keys ORDER BY rowid LIMIT ?", "SCAN idempotency_keys"),
    // A page of numbers from each of seven states at most.
    ("SELECT number FROM trials WHERE study = ?1 AND state =", "USE TEMP B-TREE FOR ORDER BY"),
    ("SELECT number FROM trials WHERE study = ?1 AND state =", "USE TEMP B-TREE FOR IN"),
  ]

  @Test func everyStatementGoesAlongAnIndex() async throws {
    let folder = try TemporaryFolder()
    let statements = Locked<Set<String>>([])
    let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite", smallBytes: 0) { database in
      database.trace { event in
        if case .statement(let statement) = event { statements.withLock { _ = $0.insert(statement.sql) } }
      }
    }
    try await Self.exercise(store)
    let all = statements.value.sorted().filter { sql in
      ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains { sql.hasPrefix($0) }
        // GRDB's own look at the schema, and what this test does.
        && !sql.contains("sqlite_master") && !sql.hasPrefix("UPDATE sqlite_sequence")
    }
    // As many as there are at least: a test that sees none tells nothing.
    #expect(all.count > 60, "\(all.count) statements")
    for sql in all {
      let nulls = Self.nulls(sql)
      let plan = try await store.read { database in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: nulls).map { $0["detail"] as String }
      }
      for step in plan {
        let isWrong =
          step.hasPrefix("SCAN") && !step.hasPrefix("SCAN (") && step != "SCAN CONSTANT ROW"
          || step.contains("TEMP B-TREE") || step.contains("AUTOMATIC")
        let isBounded = Self.bounded.contains { sql.contains($0.statement) && step == $0.step }
        #expect(!isWrong || isBounded, "\(step): \(sql)")
      }
    }
    try store.close()
  }

  /// A plan needs values for its parameters, whatever they are.
  private static func nulls(_ sql: String) -> StatementArguments {
    var count = 0
    var highest = 0
    let characters = Array(sql)
    for (index, character) in characters.enumerated() where character == "?" {
      let digits = characters[(index + 1)...].prefix { $0.isNumber }
      if let number = Int(String(digits)) { highest = max(highest, number) } else { count += 1 }
    }
    return StatementArguments(Array(repeating: nil as Int?, count: max(count, highest)))
  }

  /// Asks for everything that a store can be asked for.
  private static func exercise(_ store: SQLiteStudyStore) async throws {
    var study = Sample.study("s")
    let other = Sample.study("t")
    let first = Sample.trial(study, 1)
    let done = Sample.completed(first, 0.5)
    let key = EvaluationKey([UInt8](repeating: 1, count: 32))
    let curve = LearningCurve([CurvePoint(step: 1, metrics: ["a": 1])])
    let comparison = StoredComparison(
      id: UUID(), definition: [:],
      resolved: ResolvedComparison(
        name: "c", entries: [.init(name: "a", algorithm: [:], definition: study.resolved)], seeds: [0]),
      createdAt: study.createdAt)
    study.comparison = ComparisonPlace(comparison: comparison.id, place: 0)
    try await store.commit([.insertComparison(comparison), .insertStudy(study), .insertStudy(other)])
    study.edits = [StudyEdit(fromTrial: 2, at: study.createdAt, changes: [:])]
    study.labels = ["a": "b"]
    try await store.commit([
      .updateStudy(study), .insertTrial(first, lease: Lease(worker: "w")),
      .updateTrial(done, lease: Lease(worker: "w")), .updateTrial(done, lease: nil),
      .renewLease(Lease(worker: "w"), study: study.id, number: 1),
      .curve(study: study.id, number: 1, curve: curve), .score(done),
      .evaluation(
        RecordedEvaluation(key: key, outcome: .finished(curve), study: study.id, origin: "o", computeSeconds: 0)),
    ])
    let edited = study
    try await store.pool.write { database in
      // Whatever goes only after thousands of entries.
      let writer = ChangeWriter(journalLength: 1, evaluationsKept: 1, logSpace: 1 << 30)
      try database.execute(sql: "UPDATE sqlite_sequence SET seq = 999 WHERE name = 'journal'")
      _ = try writer.apply([.updateStudy(edited)], to: database)
      try database.execute(sql: "UPDATE sqlite_sequence SET seq = 99 WHERE name = 'evaluations'")
      let late = EvaluationKey([UInt8](repeating: 2, count: 32))
      _ = try writer.apply(
        [
          .evaluation(
            RecordedEvaluation(
              key: late, outcome: .diverged(iteration: 1), study: edited.id, origin: "", computeSeconds: 0))
        ], to: database)
    }
    try await read(store, study)
    let request = KeyedRequest(key: "k", path: "/")
    _ = try await store.record(of: request, bodySHA256: nil, at: study.createdAt, oldest: study.createdAt)
    try await store.keep(KeptAnswer(status: 200, headers: [], body: ""), bodySHA256: "", of: request)
    try await store.commit([.deleteStudy(id: study.id, name: "s"), .deleteComparison(id: comparison.id)])
    while try await store.read({ try Int.fetchOne($0, sql: "SELECT key FROM studies WHERE gone = 1") }) != nil {
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  private static func read(_ store: SQLiteStudyStore, _ study: Study) async throws {
    _ = try await store.unfinishedStudies()
    _ = try await store.study(named: "s")
    _ = try await store.study(id: study.id)
    _ = try await store.totals()
    _ = try await store.comparison(named: "c")
    for after in [nil, StudyKey(createdAt: study.createdAt, id: study.id)] {
      _ = try await store.comparisons(after: after, limit: 10)
    }
    for choice in 0..<32 {
      var filter = StudyFilter()
      if choice & 1 != 0 { filter.states = [.running, .paused] }
      if choice & 2 != 0 { filter.dataset = "toy" }
      if choice & 4 != 0 { filter.algorithm = "grid" }
      if choice & 8 != 0 { filter.labels = ["a": "b", "c": "d"] }
      if choice & 16 != 0 { filter.labelNames = ["a", "e"] }
      for after in [nil, StudyKey(createdAt: study.createdAt, id: study.id)] {
        _ = try await store.studies(filter, after: after, limit: 10)
        _ = try await store.summaries(filter, after: after, limit: 10)
      }
    }
    _ = try await store.trial(study: study.id, number: 1)
    for states: Set<TrialState> in [[], [.failed], [.completed], [.completed, .failed, .queued]] {
      for choice in 0..<8 {
        var query = TrialFilter()
        query.states = states
        query.order = choice & 1 == 0 ? .number : .value
        query.isDescending = choice & 2 != 0
        query.maximize = choice & 4 != 0
        for after in [nil, TrialKey(number: 0, value: nil), TrialKey(number: 0, value: 0.5)] {
          _ = try await store.trials(study: study.id, query, after: after, limit: 10)
        }
      }
      _ = try await store.trialRows(study: study.id, states: states, beyond: 0, limit: 10)
    }
    _ = try await store.curve(study: study.id, number: 1)
    _ = try await store.briefs(study: study.id, setting: "a", beyond: 0, limit: 10)
    _ = try await store.leases(study: study.id)
    _ = try await store.curves(study: study.id, numbers: [1, 2])
    for maximize in [true, false] { _ = try await store.bestPoints(study: study.id, maximize: maximize, count: 10) }
    for maximize in [true, false] { _ = try await store.repeatedPoints(study: study.id, maximize: maximize, count: 10) }
    _ = try await store.leaders(of: [study.id])
    _ = try await store.evaluations([EvaluationKey([UInt8](repeating: 1, count: 32))])
    _ = try await store.position()
    for id in [nil, study.id] { _ = try await store.journal(study: id, beyond: 0, limit: 10) }
  }
}
