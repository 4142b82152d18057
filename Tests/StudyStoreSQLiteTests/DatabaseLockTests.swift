import Foundation
import Studies
import TestSupport
import Testing

@testable import StudyStoreSQLite

/// The lock is the file's own, and a file that is not in its place any more takes no changes.
@Suite struct DatabaseLockTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/a.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  private func move(_ from: String, _ to: String) throws { #expect(rename(folder.path + from, folder.path + to) == 0) }

  @Test(arguments: [true, false]) func anotherNameMeetsTheSameLock(_ isSymbolic: Bool) throws {
    let other = folder.path + "/other.sqlite"
    if isSymbolic { #expect(symlink(path, other) == 0) }
    // A symbolic link is there before its target is.
    let store = try SQLiteStudyStore(path: isSymbolic ? other : path)
    if !isSymbolic { #expect(link(path, other) == 0) }
    let before = try names()
    let error = #expect(throws: DatabaseFileError.self) { try SQLiteStudyStore(path: isSymbolic ? path : other) }
    #expect(error?.description.contains("in use by another service") == true)
    #expect(try names() == before)
    try store.close()
    try SQLiteStudyStore(path: path).close()
  }

  @Test func aFileThatIsMovedAwayTakesNoChangesUntilItIsBack() async throws {
    let store = try SQLiteStudyStore(path: path)
    try await store.commit([.insertStudy(Sample.study("a"))])
    #expect(store.trouble == nil)
    try move("/a.sqlite", "/elsewhere.sqlite")
    await #expect(throws: StoreError.self) { try await store.commit([.insertStudy(Sample.study("b"))]) }
    #expect(store.trouble?.sentence.contains("moved away") == true)
    try move("/elsewhere.sqlite", "/a.sqlite")
    try await store.commit([.insertStudy(Sample.study("c"))])
    #expect(store.trouble == nil)
    try store.close()
    let again = try SQLiteStudyStore(path: path)
    #expect(try await again.study(named: "b") == nil)
    #expect(try await again.study(named: "c") != nil)
    try again.close()
  }

  @Test func whatIsMovedAwayHasAllAndLeavesNothing() async throws {
    let store = try SQLiteStudyStore(path: path)
    try await store.commit([.insertStudy(Sample.study("a"))])
    try move("/a.sqlite", "/b.sqlite")
    try store.close()
    #expect(try names() == ["a.sqlite.lock", "b.sqlite"])
    let again = try SQLiteStudyStore(path: folder.path + "/b.sqlite")
    #expect(try await again.study(named: "a") != nil)
    try again.close()
  }

  @Test func aFileThatIsDeletedOrReplacedTakesNoChanges() async throws {
    let store = try SQLiteStudyStore(path: path)
    #expect(unlink(path) == 0)
    await #expect(throws: StoreError.self) { try await store.commit([.insertStudy(Sample.study("a"))]) }
    #expect(store.trouble?.sentence.contains("deleted") == true)
    try Data("another".utf8).write(to: URL(fileURLWithPath: path))
    await #expect(throws: StoreError.self) { try await store.commit([.insertStudy(Sample.study("a"))]) }
    #expect(store.trouble?.sentence.contains("took the place") == true)
    // What is read could be the other file's.
    await #expect(throws: StoreError.self) { try await store.position() }
    try store.close()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "another")
  }

  @Test func aStartThatIsRefusedLeavesNoFile() throws {
    try FileManager.default.createDirectory(atPath: path + ".lock", withIntermediateDirectories: false)
    #expect(throws: DatabaseFileError.self) { try SQLiteStudyStore(path: path) }
    #expect(try names() == ["a.sqlite.lock"])
  }
}
