import Dispatch
import Foundation
import GRDB
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// The log that SQLite writes ahead does not stay long.
@Suite struct WriteAheadLogTests {
  @Test func aLogThatALongReadMadeLongIsCut() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.sqlite"
    let store = try SQLiteStudyStore(path: path)
    func bytes() throws -> Int {
      try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0
    }
    let study = Sample.study("s")
    try await store.commit([.insertStudy(study)])
    let (began, ends) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let read = Task {
      try await store.read { database in
        let before = try Int.fetchOne(database, sql: "SELECT count(*) FROM trials")
        began.signal()
        ends.wait()
        return (before, try Int.fetchOne(database, sql: "SELECT count(*) FROM trials"))
      }
    }
    await DispatchQueue.global().run { began.wait() }
    for start in stride(from: 1, through: 6000, by: 1000) {
      try await store.commit(
        (start..<start + 1000).map { .insertTrial(Sample.trial(study, $0), lease: Lease(worker: "w")) })
    }
    // SQLite alone would have begun anew after a thousand pages.
    #expect(try bytes() > 1001 * 4096)
    // A reader that does not end costs no more than the patience.
    store.log.shorten()
    #expect(try bytes() > 1001 * 4096)
    ends.signal()
    let counts = try await read.value
    #expect(counts == (0, 0))
    store.log.shorten()
    #expect(try bytes() == 0)
    #expect(try await store.trial(study: study.id, number: 6000) != nil)
    try store.close()
  }
}

extension DispatchQueue {
  /// Runs `body` on the queue and waits without holding a cooperative thread.
  fileprivate func run(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      async {
        body()
        continuation.resume()
      }
    }
  }
}
