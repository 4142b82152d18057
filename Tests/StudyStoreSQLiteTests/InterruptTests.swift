import Dispatch
import Foundation
import GRDB
import Promises
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// Reads that nobody waits for any more.
@Suite struct InterruptTests {
  let folder: TemporaryFolder
  let store: SQLiteStudyStore

  init() throws {
    folder = try TemporaryFolder()
    store = try SQLiteStudyStore(path: folder.path + "/a.sqlite")
  }

  /// A read that ends only if it is ended, and tells once it runs.
  private func endless(_ began: Began) -> Task<Bool, Never> {
    let store = store
    return Task {
      do throws(StoreError) {
        _ = try await store.read { database in
          began.set()
          return try Int.fetchOne(
            database,
            sql: "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
        }
        return false
      } catch { return error == .interrupted }
    }
  }

  @Test func aCancelledTaskEndsItsRead() async throws {
    let study = Sample.study("s")
    try await store.commit([.insertStudy(study)])
    let (began, alsoBegan) = (Began(), Began())
    let (read, other) = (endless(began), endless(alsoBegan))
    await began.wait()
    await alsoBegan.wait()
    read.cancel()
    #expect(await read.value)
    // The other continues, and so does every later reader, on the same connection too.
    #expect(!other.isCancelled)
    for _ in 0..<20 { #expect(try await store.study(named: "s")?.value == study) }
    other.cancel()
    #expect(await other.value)
    try store.close()
  }

  @Test func asManyLongReadsAsTheAPIMakesLeaveRoomForAShortOne() async throws {
    let (study, store) = (Sample.study("s"), store)
    try await store.commit([.insertStudy(study)])
    // They wait without computing, so that they take nothing from other tests.
    let end = DispatchSemaphore(value: 0)
    var long: [Task<Void, any Error>] = []
    for _ in 0..<8 {
      let began = Began()
      long.append(
        Task {
          try await store.read { _ in
            began.set()
            end.wait()
          }
        })
      await began.wait()
    }
    #expect(try await store.study(named: "s")?.value == study)
    for _ in long { end.signal() }
    for read in long { try await read.value }
    try store.close()
  }

  @Test func aReadOfACancelledTaskDoesNotBegin() async throws {
    let began = Began()
    let store = store
    let task = Task {
      await began.wait()
      return try await store.position()
    }
    task.cancel()
    began.set()
    await #expect(throws: StoreError.interrupted) { try await task.value }
    try store.close()
  }

  @Test func closingEndsWhatRuns() async throws {
    let began = Began()
    let read = endless(began)
    await began.wait()
    try store.close()
    #expect(await read.value)
    await #expect(throws: StoreError.self) { try await store.position() }
  }

  /// Something that has begun.
  private final class Began: Sendable {
    private let state = Locked((isSet: false, waiter: CheckedContinuation<Void, Never>?.none))

    func set() {
      let woken = state.withLock { state in
        defer { state = (true, nil) }
        return state.waiter
      }
      woken?.resume()
    }

    func wait() async {
      await withCheckedContinuation { continuation in
        let isThere = state.withLock { state in
          if !state.isSet { state.waiter = continuation }
          return state.isSet
        }
        if isThere { continuation.resume() }
      }
    }
  }
}
