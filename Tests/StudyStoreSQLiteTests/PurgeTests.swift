import Foundation
import GRDB
import TestSupport
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// Deleted studies are gone at once, and what belonged to them little by little.
@Suite struct PurgeTests {
  private static let tables = ["studies", "study_texts", "study_labels", "trials", "points", "measurements", "edits"]

  /// A study with more trials than one transaction removes.
  private func fill(_ store: SQLiteStudyStore, _ name: String) async throws -> Study {
    var study = Sample.study(name)
    try await store.commit([.insertStudy(study)])
    study.edits = (0..<3).map { StudyEdit(fromTrial: $0 + 1, at: study.createdAt, changes: [:]) }
    var changes: [StoreChange] = [.updateStudy(study)]
    let curve = LearningCurve([CurvePoint(step: 1, metrics: ["a": 1])])
    for number in 1...1201 {
      let trial = Sample.trial(study, number)
      let done = Sample.completed(trial, 1)
      changes += [
        .insertTrial(trial, lease: Lease(worker: "w")), .updateTrial(done, lease: nil), .score(done),
        .curve(study: study.id, number: number, curve: curve),
      ]
    }
    try await store.commit(changes)
    return study
  }

  private func rows(_ store: SQLiteStudyStore) async throws -> [Int] {
    try await store.read { database in
      try Self.tables.map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? 0 }
    }
  }

  private func waitUntilPurged(_ store: SQLiteStudyStore) async throws {
    while try await store.read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM studies WHERE gone = 1") }) != 0 {
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  @Test func aDeletedStudyIsOutOfSightAtOnce() async throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite")
    let kept = try await fill(store, "kept")
    let before = try await rows(store)
    let study = try await fill(store, "s")
    try await store.commit([.deleteStudy(id: study.id, name: "s")])
    #expect(try await store.study(named: "s") == nil)
    #expect(try await store.study(id: study.id) == nil)
    #expect(try await store.trial(study: study.id, number: 1) == nil)
    #expect(try await store.trials(study: study.id, TrialFilter(), after: nil, limit: 10).value.items.isEmpty)
    #expect(try await store.curve(study: study.id, number: 1).count == 0)
    #expect(try await store.bestPoints(study: study.id, maximize: true, count: 1).value.isEmpty)
    #expect(try await store.studies(StudyFilter(), after: nil, limit: 10).value.items.map(\.name) == ["kept"])
    #expect(try await store.unfinishedStudies().map(\.name) == ["kept"])
    #expect(try await store.totals().studies[.running] == 1)
    // The name is free, and what comes under it stays.
    let again = Sample.study("s")
    try await store.commit([.insertStudy(again), .insertTrial(Sample.trial(again, 1), lease: Lease(worker: "w"))])
    try await waitUntilPurged(store)
    #expect(try await store.trial(study: again.id, number: 1)?.value == Sample.trial(again, 1))
    try await store.commit([.deleteStudy(id: again.id, name: "s")])
    try await waitUntilPurged(store)
    #expect(try await rows(store) == before)
    #expect(try await store.study(id: kept.id) == kept)
    try store.close()
  }

  @Test func aStartGoesOnWithWhatAKillLeft() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.sqlite"
    let store = try SQLiteStudyStore(path: path)
    let study = try await fill(store, "s")
    try store.close()
    // Hidden and in part removed, as where the service died then.
    let queue = try DatabaseQueue(path: path)
    try await queue.write { database in
      let writer = ChangeWriter(journalLength: 1000, logSpace: 1 << 30)
      _ = try writer.apply([.deleteStudy(id: study.id, name: "s")], to: database)
      #expect(try Purge.remove(database))
    }
    try queue.close()
    let next = try SQLiteStudyStore(path: path)
    #expect(try await next.study(named: "s") == nil)
    try await waitUntilPurged(next)
    #expect(try await rows(next).allSatisfy { $0 == 0 })
    try next.close()
  }
}
