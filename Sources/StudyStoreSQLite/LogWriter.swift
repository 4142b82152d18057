import Foundation
import GRDB
import Studies

/// Writes what the programs of trials wrote, and removes the oldest where there is too much.
struct LogWriter {
  let database: Database
  /// How many bytes all trials keep together.
  let space: Int

  /// Adds a piece, but for what is there of it already. Cost: the piece, and what goes for it.
  func write(_ piece: LogPiece) throws {
    guard
      let key = try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT key FROM studies WHERE id = ?"), arguments: [piece.study.uuidString])
    else { return }
    try run("DELETE FROM logs WHERE study = ? AND number = ? AND attempt < ?", [key, piece.number, piece.attempt])
    let end = try Int.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT start + length(bytes) FROM logs WHERE study = ? AND number = ? AND attempt = ? \
          ORDER BY start DESC LIMIT 1
          """), arguments: [key, piece.number, piece.attempt])
    guard piece.end > end ?? 0 else { return }
    let known = max(0, (end ?? 0) - piece.start)
    let rest = piece.bytes.dropFirst(known).suffix(LogPiece.mostBytes)
    try run(
      "INSERT INTO logs (study, number, attempt, start, bytes) VALUES (?, ?, ?, ?, ?)",
      [key, piece.number, piece.attempt, piece.end - rest.count, Data(rest)])
    try run(
      """
      DELETE FROM logs WHERE study = ?1 AND number = ?2 AND attempt = ?3 AND start < ?4 \
      AND start + length(bytes) <= ?4
      """,
      [key, piece.number, piece.attempt, piece.end - LogPiece.mostBytes])
    // One by one: of a small space, the piece that was just written may be among the next few.
    while try total() > space {
      try run("DELETE FROM logs WHERE place IN (SELECT place FROM logs ORDER BY place LIMIT 1)", [])
    }
  }

  private func total() throws -> Int {
    try Int.fetchOne(database.cachedStatement(sql: "SELECT bytes FROM log_space LIMIT 1")) ?? 0
  }

  private func run(_ sql: String, _ values: [(any DatabaseValueConvertible)?]) throws {
    try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
  }
}
