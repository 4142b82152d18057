import Foundation
import GRDB
import TestSupport
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// What every store of answers must keep.
@Suite struct AnswerContractTests {
  private static let start = Date(timeIntervalSince1970: 1_800_000_000.125)
  private static let answer = KeptAnswer(
    status: 201, headers: [.init(name: "Location", value: "/v1/x"), .init(name: "ETag", value: "\"ä\"")],
    body: "{\"a\": \"\u{0}ü\"}\n")

  private func overEachStore(_ body: (any AnswerStore) async throws -> Void) async throws {
    try await body(MemoryAnswerStore())
    let folder = try TemporaryFolder()
    let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite")
    try await body(store)
    try store.close()
  }

  @Test func answersAreGivenAgainUntilTheyAreTooOld() async throws {
    try await overEachStore { store in
      let key = KeyedRequest(key: "k", path: "/v1/studies")
      let start = Self.start
      let first = try await store.record(of: key, bodySHA256: "abc", at: start, oldest: start - 10)
      #expect(first == KeyedRecord(seenAt: start, bodySHA256: "abc", answer: nil))
      // As after a death before the answer: the record is the first one.
      #expect(try await store.record(of: key, bodySHA256: "def", at: start + 1, oldest: start - 9) == first)
      try await store.keep(Self.answer, bodySHA256: "abc", of: key)
      let kept = try await store.record(of: key, bodySHA256: "abc", at: start + 2, oldest: start - 8)
      #expect(kept == KeyedRecord(seenAt: start, bodySHA256: "abc", answer: Self.answer))
      let other = KeyedRequest(key: "k", path: "/v1/datasets")
      #expect(try await store.record(of: other, bodySHA256: nil, at: start + 3, oldest: start - 7).answer == nil)
      let late = try await store.record(of: key, bodySHA256: nil, at: start + 11, oldest: start + 1)
      #expect(late == KeyedRecord(seenAt: start + 11, bodySHA256: nil, answer: nil))
    }
  }

  @Test func answersOutliveTheServiceAndOldOnesGo() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.sqlite"
    let store = try SQLiteStudyStore(path: path)
    let start = Self.start
    for index in 0..<50 {
      let key = KeyedRequest(key: "k\(index)", path: "/p")
      _ = try await store.record(of: key, bodySHA256: "a", at: start + Double(index), oldest: start - 100)
      try await store.keep(Self.answer, bodySHA256: "a", of: key)
    }
    try store.close()
    let again = try SQLiteStudyStore(path: path)
    func count() async throws -> Int {
      try await again.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM idempotency_keys") ?? 0 }
    }
    let last = KeyedRequest(key: "k49", path: "/p")
    #expect(
      try await again.record(of: last, bodySHA256: "a", at: start + 60, oldest: start).answer == Self.answer)
    for index in 0..<4 {
      let key = KeyedRequest(key: "new\(index)", path: "/p")
      _ = try await again.record(of: key, bodySHA256: "a", at: start + 60, oldest: start + 45)
    }
    #expect(try await count() == 5 + 4)
    try again.close()
  }
}
