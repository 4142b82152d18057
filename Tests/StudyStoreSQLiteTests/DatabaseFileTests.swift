import Foundation
import GRDB
import TestSupport
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// Whose file is it, and who has it open.
@Suite struct DatabaseFileTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/a.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  /// Every file beside the lock, with its bytes.
  private func files() throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(".lock") }
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + $0))) })
  }

  private func refused(_ word: String, path: String? = nil) throws {
    let before = try files()
    let error = #expect(throws: DatabaseFileError.self) { try SQLiteStudyStore(path: path ?? self.path) }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "nothing")")
    #expect(try files() == before)
  }

  @Test func everythingIsThereAgain() async throws {
    let study = Sample.study("s")
    let store = try SQLiteStudyStore(path: path)
    try await store.commit([.insertStudy(study), .insertTrial(Sample.trial(study, 1), lease: Lease(worker: "w"))])
    try store.close()
    let again = try SQLiteStudyStore(path: path)
    #expect(try await again.study(named: "s")?.value == study)
    #expect(try await again.trial(study: study.id, number: 1)?.value == Sample.trial(study, 1))
    try again.close()
  }

  @Test func commitsWaitForTheDisk() throws {
    let store = try SQLiteStudyStore(path: path)
    let mode = try store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    #expect(mode == 2)
    #expect(try store.pool.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    #expect(try store.pool.read { try Bool.fetchOne($0, sql: "PRAGMA foreign_keys") } == true)
    try store.close()
  }

  @Test func foreignFilesAreLeftAlone() throws {
    try Data("hello".utf8).write(to: URL(fileURLWithPath: path))
    try refused("not a SQLite database")
    try FileManager.default.removeItem(atPath: path)
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE t (x)") }
    try queue.close()
    try refused("another program")
    try refused("not a file", path: folder.path)
    try refused("no folder", path: folder.path + "/none/a.sqlite")
  }

  @Test func aNewerFileIsLeftAlone() throws {
    try SQLiteStudyStore(path: path).close()
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
    try queue.close()
    try refused("newer version")
  }

  @Test func aChangedMigrationIsSeen() throws {
    try SQLiteStudyStore(path: path).close()
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "UPDATE migrations SET checksum = 'x'") }
    try queue.close()
    try refused("0001-initial.sql")
  }

  @Test func corruptionIsSeen() throws {
    try SQLiteStudyStore(path: path).close()
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    for page in 2..<(data.count / 4096) { data.replaceSubrange(page * 4096..<page * 4096 + 64, with: Data(count: 64)) }
    try data.write(to: URL(fileURLWithPath: path))
    try refused("corrupt")
  }

  @Test func anEmptyFileBecomesADatabase() throws {
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    try SQLiteStudyStore(path: path).close()
    #expect(try DatabaseFile.inspect(path, newest: Migration.all.count) == .ours(version: Migration.all.count))
  }

  @Test func oneServiceAtATime() throws {
    let store = try SQLiteStudyStore(path: path)
    #expect(throws: DatabaseFileError.self) { try SQLiteStudyStore(path: path) }
    let link = folder.path + "/link.sqlite"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    let error = #expect(throws: DatabaseFileError.self) { try SQLiteStudyStore(path: link) }
    #expect(error?.description.contains("in use") == true)
    try store.close()
  }

  @Test func aRefusalClosesNoFileOfOthers() async throws {
    let lock = try DatabaseLock(database: path)
    let path = path
    await withTaskGroup(of: Int.self) { group in
      group.addTask {
        for _ in 0..<2000 { #expect(throws: DatabaseFileError.self) { try DatabaseLock(database: path) } }
        return 0
      }
      group.addTask {
        // What is opened here may get the number of a lock that was closed, and must keep it.
        var lost = 0
        for _ in 0..<20_000 {
          let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
          sched_yield()
          if descriptor >= 0, close(descriptor) != 0 { lost += 1 }
        }
        return lost
      }
      for await lost in group { #expect(lost == 0) }
    }
    lock.release()
  }

  @Test func theListOfMigrationsIsTheFolder() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../migrations")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == Migration.all.map(\.name))
    #expect(Migration.all.map(\.number) == Array(1...names.count))
    for migration in Migration.all {
      let text = try String(contentsOf: folder.appendingPathComponent(migration.name), encoding: .utf8)
      #expect(text == migration.sql && !text.contains("\r"))
    }
  }

  @Test func oneFailureDoesNotFailTheOthers() async throws {
    let store = try SQLiteStudyStore(path: path)
    let study = Sample.study("s")
    try await store.commit([.insertStudy(study)])
    let results = await withTaskGroup(of: Bool.self) { group in
      for number in 1...40 {
        group.addTask {
          // Every fourth comes with a trial of a study that is not there, and must leave nothing.
          var changes: [StoreChange] = [.insertTrial(Sample.trial(study, number), lease: Lease(worker: "w"))]
          if number % 4 == 0 {
            changes.append(.insertTrial(Sample.trial(Sample.study("t"), 1), lease: Lease(worker: "w")))
          }
          do throws(StoreError) {
            try await store.commit(changes)
            return true
          } catch { return false }
        }
      }
      return await group.reduce(into: [Bool]()) { $0.append($1) }
    }
    #expect(results.count { $0 } == 30)
    let trials = try await store.trials(study: study.id, TrialFilter(), after: nil, limit: 100).value.items
    #expect(trials.count == 30 && trials.allSatisfy { $0.number % 4 != 0 })
    #expect(try await store.position() == 31)
    try store.close()
  }
}
