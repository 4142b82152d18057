import Foundation
import GRDB
import JSONText
import Promises
import Studies

extension SQLiteStudyStore: AnswerStore {
  /// How many records that are too old go with each new one.
  private static let sweep = 20

  public func record(
    of request: KeyedRequest, bodySHA256: String?, at now: Date, oldest: Date
  ) async throws(StoreError) -> KeyedRecord {
    try await write { database in
      // Rows are in the order in which they came, so that the oldest are found without looking at all.
      try database.cachedStatement(
        sql: """
          DELETE FROM idempotency_keys
            WHERE rowid IN (SELECT rowid FROM idempotency_keys ORDER BY rowid LIMIT ?2) AND created_at < ?1
          """
      ).execute(arguments: [oldest.milliseconds, Self.sweep])
      try database.cachedStatement(sql: "DELETE FROM idempotency_keys WHERE key = ? AND path = ? AND created_at < ?")
        .execute(arguments: [request.key, request.path, oldest.milliseconds])
      let found = try Row.fetchOne(
        database.cachedStatement(
          sql: "SELECT body_sha256, status, answer, created_at FROM idempotency_keys WHERE key = ? AND path = ?"),
        arguments: [request.key, request.path])
      if let found { return try Self.record(found) }
      try database.cachedStatement(sql: "INSERT INTO idempotency_keys VALUES (?, ?, ?, 0, '', ?)")
        .execute(arguments: [request.key, request.path, bodySHA256 ?? "", now.milliseconds])
      return KeyedRecord(seenAt: Date(milliseconds: now.milliseconds), bodySHA256: bodySHA256, answer: nil)
    }
  }

  public func keep(
    _ answer: KeptAnswer, bodySHA256: String, of request: KeyedRequest
  ) async throws(StoreError) {
    let headers = answer.headers.map { JSONValue.array([.string($0.name), .string($0.value)]) }
    let text = JSONValue.array([.array(headers), .string(answer.body)]).text
    try await write { database in
      try database.cachedStatement(
        sql: "UPDATE idempotency_keys SET status = ?, answer = ?, body_sha256 = ? WHERE key = ? AND path = ?"
      ).execute(arguments: [answer.status, text, bodySHA256, request.key, request.path])
    }
  }

  /// Status 0 is a request without an answer so far.
  private static func record(_ row: Row) throws -> KeyedRecord {
    let digest: String = row["body_sha256"]
    var record = KeyedRecord(
      seenAt: Date(milliseconds: row["created_at"]), bodySHA256: digest.isEmpty ? nil : digest, answer: nil)
    guard row["status"] as Int != 0 else { return record }
    let parts = try JSONValue(parsing: Array((row["answer"] as String).utf8)).arrayValue ?? []
    let headers = (parts.first?.arrayValue ?? []).compactMap(\.arrayValue).map {
      KeptAnswer.Field(name: $0.first?.stringValue ?? "", value: $0.last?.stringValue ?? "")
    }
    record.answer = KeptAnswer(status: row["status"], headers: headers, body: parts.last?.stringValue ?? "")
    return record
  }

  /// Writes in one transaction, away from cooperative threads; a cancelled caller's write is done all the same.
  private func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    if let fault = soundness.fault { throw .corrupt(fault) }
    let result = await Promise<Result<Value, any Error>>.kept { promise in
      pool.asyncWrite(body) { _, result in promise.keep(result) }
    }
    do { return try result.get() } catch { throw StoreError(error) }
  }
}
