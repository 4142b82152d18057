import Foundation
import GRDB
import Promises
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// Corrupt files that are too large to be looked at as a whole before the service is ready.
@Suite struct SoundnessTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/a.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  /// A database with some thousand trials, and the page that a table or an index begins at.
  private func fill(rootOf name: String) async throws -> Int {
    let store = try SQLiteStudyStore(path: path)
    let study = Sample.study("s")
    try await store.commit([.insertStudy(study)])
    try await store.commit(
      (1...3000).map { .insertTrial(Sample.trial(study, $0), lease: Lease(worker: "w")) })
    let root = try await store.read {
      try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?", arguments: [name]) ?? 0
    }
    try store.close()
    return root
  }

  private func overwrite(page: Int, with bytes: Data) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64(page - 1) * 4096)
    try file.write(contentsOf: bytes)
    try file.close()
  }

  @Test func aSoundFileIsFoundToBe() async throws {
    _ = try await fill(rootOf: "trials")
    let small = try SQLiteStudyStore(path: path)
    #expect(small.health == .sound)
    try small.close()
    let large = try SQLiteStudyStore(path: path, smallBytes: 0, report: { Issue.record("\($0)") })
    while large.health == .unchecked { try await Task.sleep(for: .milliseconds(2)) }
    #expect(large.health == .sound)
    try large.close()
  }

  @Test(arguments: ["trials_by_state", "sqlite_autoindex_trials_2"])
  func whatIsFoundLaterEndsEveryChange(_ index: String) async throws {
    let root = try await fill(rootOf: index)
    try overwrite(page: root, with: Data(repeating: 0xFF, count: 64))
    #expect(throws: DatabaseFileError.self) { try SQLiteStudyStore(path: path) }
    let told = Locked<[String]>([])
    let store = try SQLiteStudyStore(
      path: path, smallBytes: 0, report: { sentence in told.withLock { $0.append(sentence) } })
    // It is told of a moment after it is known.
    while told.value.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    #expect(told.value.count == 1 && told.value.first?.contains("is corrupt") == true)
    #expect(store.health == .corrupt(told.value.first ?? ""))
    do throws(StoreError) {
      try await store.commit([.insertStudy(Sample.study("t"))])
      Issue.record("a change was taken")
    } catch {
      guard case .corrupt = error else { throw error }
    }
    // What is whole can be read.
    #expect(try await store.study(named: "s") != nil)
    try store.close()
  }

  @Test func whatIsReadFirstIsLookedAtFirst() async throws {
    let root = try await fill(rootOf: "studies")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    func refused() throws {
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      let error = #expect(throws: DatabaseFileError.self) { try SQLiteStudyStore(path: path, smallBytes: 0) }
      #expect(error?.description.contains("corrupt") == true, "\(error?.description ?? "nothing")")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
    try overwrite(page: root, with: Data(repeating: 0, count: 64))
    try refused()
    try whole.write(to: URL(fileURLWithPath: path))
    try overwrite(page: 1, with: whole.prefix(100) + Data(repeating: 0xFF, count: 3000))
    try refused()
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
    try refused()
  }
}
