import Foundation
import GRDB
import GRDBSQLite
import Studies

/// What comparisons read.
extension SQLiteStudyStore {
  public func briefs(
    study: UUID, setting: String?, beyond number: Int, limit: Int
  ) async throws(StoreError) -> [TrialBrief] {
    try await read { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT number, state, iif(replicate = 0, value, NULL), parameters, \
          iif(json_type(parameters, ?1) IN ('integer', 'real'), json_extract(parameters, ?1), NULL), \
          iif(reused_from IS NULL OR shared_seconds IS NOT NULL, \
          coalesce(compute_seconds, 0) + coalesce(shared_seconds, 0), NULL) FROM trials \
          WHERE study = (SELECT key FROM studies WHERE id = ?2) AND number > ?3 ORDER BY number LIMIT ?4
          """)
      let path = setting.map { "$.\"\($0)\"" }
      let arguments: StatementArguments = [path, study.uuidString, number, limit]
      let rows = try Row.fetchCursor(statement, arguments: arguments)
      let raw = statement.sqliteStatement
      var found: [TrialBrief] = []
      while let row = try rows.next() {
        guard let state = TrialState(rawValue: row[1]) else { throw StoreError.failure("a trial's row cannot be read") }
        // The pointer first: asking for it may convert the value, and the count is of what it then is.
        let text = sqlite3_column_text(raw, 3)
        let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(raw, 3)))
        found.append(
          TrialBrief(
            number: row[0], state: state, value: row[2], point: TrialBrief.hash(bytes),
            setting: row[4], seconds: row[5]))
      }
      return found
    }
  }
}
