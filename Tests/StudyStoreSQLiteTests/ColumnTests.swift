import Foundation
import GRDB
import Studies
import TestSupport
import Testing

@testable import StudyStoreSQLite

/// The lists of columns against the schema, and the definitions that are kept parsed.
@Suite struct ColumnTests {
  private func columns(of table: String, in store: SQLiteStudyStore) async throws -> Set<String> {
    try await store.read { Set(try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('\(table)')")) }
  }

  @Test func everyColumnIsListedOnce() async throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite")
    // Left out: keys that SQLite gives, what marks a deleted study, and whose trial it is.
    let studies = try await columns(of: "studies", in: store).subtracting(["key", "gone"])
    let trials = try await columns(of: "trials", in: store).subtracting(["study"])
    let evaluations = try await columns(of: "evaluations", in: store).subtracting(["place"])
    #expect(Set(StudyColumn.all.map(\.name)) == studies)
    #expect(Set(TrialColumn.all.map(\.name)) == trials)
    #expect(Set(EvaluationColumn.all.map(\.name)) == evaluations)
    try store.close()
  }

  @Test func statementsNameColumnsInOneOrder() {
    #expect([StudyColumn.state, .stateReason].names == "state, state_reason")
    #expect([StudyColumn.state, .stateReason].assignments == "state = ?, state_reason = ?")
    #expect([TrialColumn.number, .algorithmVersion, .createdAt].marks == "?, ?, ?")
    #expect(TrialColumn.all.map(\.rawValue) == Array(TrialColumn.all.indices))
    #expect(StudyColumn.all.map(\.rawValue) == Array(StudyColumn.all.indices))
    for state in TrialState.allCases { #expect(StudyColumn.count(of: state).name == state.rawValue) }
  }

  /// The store of some studies, whose definitions have about as many bytes as given.
  private func store(_ folder: TemporaryFolder, _ notes: [Int]) async throws -> (SQLiteStudyStore, [Study]) {
    let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite")
    let bench = StudyBench(store: store)
    for (index, bytes) in notes.enumerated() {
      let notes = String(repeating: "n", count: bytes)
      _ = try await bench.supervisor.create(
        StudyBench.definition("s\(index)", sizes: [2], more: [("notes", .string(notes))]))
    }
    var studies: [Study] = []
    for index in notes.indices { studies.append(try await bench.study("s\(index)")) }
    await bench.supervisor.shutDown()
    return (store, studies)
  }

  private func key(_ study: Study, _ database: Database) throws -> Int64 {
    try #require(
      try Int64.fetchOne(database, sql: "SELECT key FROM studies WHERE id = ?", arguments: [study.id.uuidString]))
  }

  @Test func definitionsAreKeptUpToABound() async throws {
    let folder = try TemporaryFolder()
    let (store, studies) = try await store(folder, [100, 100, 100, 100, 40_000])
    let cache = DefinitionCache(bytes: 20_000)
    try await store.read { database in
      for _ in 0..<2 {
        for study in studies {
          let entry = try cache.entry(of: study.id, key: try key(study, database), in: database)
          #expect(entry.definition == study.definition && entry.resolved == study.resolved)
          #expect(cache.contents.bytes <= 20_000)
        }
      }
      #expect(cache.contents.count > 0 && cache.contents.count < studies.count, "the largest is not kept")
    }
    try store.close()
  }

  @Test func aKnownDefinitionIsNotReadAgain() async throws {
    let folder = try TemporaryFolder()
    let (store, studies) = try await store(folder, [10])
    let cache = DefinitionCache()
    try await store.read { database in
      let place = try key(studies[0], database)
      _ = try cache.entry(of: studies[0].id, key: place, in: database)
      // Nothing has this key, so that a second read of the texts would fail.
      let again = try cache.entry(of: studies[0].id, key: -1, in: database)
      #expect(again.resolved == studies[0].resolved && cache.contents.count == 1)
      #expect(throws: StoreError.self) { try cache.entry(of: UUID(), key: -1, in: database) }
    }
    try store.close()
  }
}
