import Foundation
import GRDB
import JSONText
import Studies

/// Reads of points that were run more than once.
extension SQLiteStudyStore {
  public func repeatedPoints(
    study: UUID, maximize: Bool, count: Int
  ) async throws(StoreError) -> [RepeatedPoint] {
    try await read { database in
      let key = try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT key FROM studies WHERE id = ?"), arguments: [study.uuidString])
      guard let key else { return [] }
      // The index is named because the one over all points has the same order, and would be read to its end.
      let points = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT parameters, mean, first_trial FROM points \
            INDEXED BY points_repeated_by_\(maximize ? "highest" : "lowest") WHERE study = ? AND n >= 2 \
            ORDER BY still_in DESC, mean \(maximize ? "DESC" : "ASC"), loss IS NULL, loss, first_trial LIMIT ?
            """), arguments: [key, count])
      // The plus keeps SQLite from an index over all that is completed.
      let trials = try database.cachedStatement(
        sql: """
          SELECT replicate, scores FROM trials WHERE study = ? AND parameters = ? AND +state = 'completed' \
          ORDER BY replicate LIMIT \(BestPoint.mostTrials)
          """)
      return try points.map { row in
        let runs = try Row.fetchAll(trials, arguments: [key, row[0] as String]).map { trial in
          let scores = try JSONCoding.json(trial[1]).arrayValue ?? []
          return RepeatedPoint.Run(replicate: trial[0], scores: scores.compactMap(\.numberValue))
        }
        return RepeatedPoint(trial: row[2], mean: row[1], runs: runs)
      }
    }
  }
}
