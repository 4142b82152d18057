import Foundation
import GRDB
import GRDBSQLite
import Studies

/// What long answers are made of, page by page.
extension SQLiteStudyStore {
  public func trialRows(
    study: UUID, states: Set<TrialState>, beyond number: Int, limit: Int
  ) async throws(StoreError) -> TrialRows? {
    try await read { database in
      guard let key = try Self.key(database, of: study) else { return nil }
      let statement = try database.cachedStatement(
        sql: """
          SELECT number, state, parameters, value, scores, metrics, origin, error, compute_seconds, created_at, \
          started_at, finished_at FROM trials WHERE study = ?1 AND \(Self.numbers(of: states)) ORDER BY number LIMIT ?3
          """)
      let arguments: StatementArguments = [key, number, limit + 1]
      var page = TrialRows()
      page.rows.reserveCapacity(limit)
      page.text.reserveCapacity(limit * 256)
      // The cursor sees to the statement's arguments and errors; its rows are looked at below.
      let rows = try Row.fetchCursor(statement, arguments: arguments)
      let cells = RawCells(statement: statement.sqliteStatement)
      while try rows.next() != nil {
        if page.rows.count == limit {
          page.isLast = false
          break
        }
        page.rows.append(cells.row(in: &page))
      }
      return page
    }
  }

  /// Which trials: those of the wanted states are found by the index of states, of each no more than a page, and merged, so
  /// that few among many cost no more than what they are.
  private static func numbers(of states: Set<TrialState>) -> String {
    if states.isEmpty || states.count == TrialState.allCases.count { return "number > ?2" }
    let each = states.map(\.rawValue).sorted().map {
      "SELECT * FROM (SELECT number FROM trials WHERE study = ?1 AND state = '\($0)' AND number > ?2 "
        + "ORDER BY number LIMIT ?3)"
    }
    return "number IN (SELECT number FROM (\(each.joined(separator: " UNION ALL ")) ORDER BY number LIMIT ?3))"
  }

  public func curves(study: UUID, numbers: [Int]) async throws(StoreError) -> Snapshot<[Int: LearningCurve]> {
    try await read { database in
      var found: [Int: LearningCurve] = [:]
      if let key = try Self.key(database, of: study) {
        let statement = try database.cachedStatement(
          sql: """
            SELECT names, points FROM trials LEFT JOIN measurements USING (study, number) \
            WHERE study = ?1 AND number = ?2
            """)
        for number in numbers {
          guard let row = try Row.fetchOne(statement, arguments: [key, number]) else { continue }
          let names: String? = row[0]
          found[number] =
            try names.map { try CurveCoding.decode(names: $0, points: row[1]) }
            ?? Self.reported(database, study: key, number: number)
        }
      }
      return Snapshot(value: found, position: try Self.position(database))
    }
  }

  public func totals() async throws(StoreError) -> StudyTotals {
    try await read { database in
      let sums = TrialState.allCases.map { "sum(\($0.rawValue))" }.joined(separator: ", ")
      var totals = StudyTotals()
      let statement = try database.cachedStatement(
        sql: "SELECT count(*), \(sums) FROM studies WHERE gone = 0 AND state = ?")
      for state in StudyState.allCases {
        guard let row = try Row.fetchOne(statement, arguments: [state.rawValue]), row[0] > 0 else { continue }
        totals.studies[state] = row[0]
        for (place, state) in TrialState.allCases.enumerated() { totals.trials[state, default: 0] += row[place + 1] }
      }
      return totals
    }
  }

  private static func key(_ database: Database, of study: UUID) throws -> Int64? {
    try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT key FROM studies WHERE id = ?"), arguments: [study.uuidString])
  }
}

/// The columns of the row that a statement has reached, without a value for each.
private struct RawCells {
  let statement: SQLiteStatement

  /// The row as `trialRows` selects it; its texts are added to the page.
  func row(in page: inout TrialRows) -> TrialRows.Row {
    TrialRows.Row(
      number: integer(0), state: text(1, &page), parameters: text(2, &page), value: isNull(3) ? nil : real(3),
      scores: text(4, &page), metrics: text(5, &page), origin: text(6, &page),
      error: isNull(7) ? nil : text(7, &page), computeSeconds: isNull(8) ? nil : real(8), createdAt: integer(9),
      startedAt: isNull(10) ? nil : integer(10), finishedAt: isNull(11) ? nil : integer(11))
  }

  private func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
  private func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }
  private func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

  private func text(_ column: Int32, _ page: inout TrialRows) -> Range<Int> {
    // The pointer first: asking for it may convert the value, and the count is of what it then is.
    let bytes = sqlite3_column_text(statement, column)
    return page.add(UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))))
  }
}
