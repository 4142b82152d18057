import Foundation
import GRDB
import TestSupport
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// A database that the first version wrote.
@Suite struct UpgradeTests {
  @Test func aDatabaseOfTheFirstVersionIsTheSameAfterwards() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.sqlite"
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/databases/schema-2.sqlite")
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: path))
    let before = try rows(path)
    #expect(before.studies.count == 4 && before.trials.count > 20 && before.points.count > 20)

    let store = try SQLiteStudyStore(path: path)
    let studies = try await store.studies(StudyFilter(), after: nil, limit: 100).value.items
    #expect(studies.map(\.name) == before.studies.map { $0["name"] })
    for (study, row) in zip(studies, before.studies) {
      #expect(study.definition.text == row["definition"])
      #expect(study.labels.json.canonicalText == row["labels"] && study.notes?.string == row["notes"])
      #expect(study.counts.completed == row["completed"] && study.revision == row["revision"])
      let trials = try await store.trials(study: study.id, TrialFilter(), after: nil, limit: 100).value.items
      let rows = before.trials.filter { $0["study"] as Int64 == row["key"] }
      #expect(trials.map(\.number) == rows.map { $0["number"] })
      #expect(trials.map(\.point.key) == rows.map { $0["parameters"] })
      #expect(trials.map(\.value) == rows.map { $0["value"] })
      // Best first, by its own goal.
      let maximize = study.resolved.goal == .maximize
      let best = try await store.bestPoints(study: study.id, maximize: maximize, count: 100).value
      let means = before.points.filter { $0["study"] as Int64 == row["key"] }.map { $0["mean"] as Double }
      #expect(best.map(\.mean) == means.sorted { maximize ? $0 > $1 : $0 < $1 })
      #expect(try await store.leaders(of: [study.id]) == [study.id: best[0]])
      var filter = StudyFilter()
      filter.labels = study.labels
      filter.dataset = study.resolved.dataset
      #expect(try await store.summaries(filter, after: nil, limit: 100).value.items.contains(study.summary))
    }
    try store.close()
    let after = try rows(path)
    #expect(after.points.count == before.points.count && after.trials.count == before.trials.count)
    // Of what there was, nothing has changed; columns may have come.
    for (new, old) in zip(after.trials + after.points, before.trials + before.points) {
      for column in old.columnNames { #expect(new[column] as DatabaseValue? == old[column] as DatabaseValue?) }
    }
  }

  private func rows(_ path: String) throws -> (studies: [Row], trials: [Row], points: [Row]) {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { database in
      (
        try Row.fetchAll(database, sql: "SELECT * FROM studies ORDER BY created_at DESC, id DESC"),
        try Row.fetchAll(database, sql: "SELECT * FROM trials ORDER BY study, number"),
        try Row.fetchAll(database, sql: "SELECT * FROM points ORDER BY study, parameters")
      )
    }
  }
}
