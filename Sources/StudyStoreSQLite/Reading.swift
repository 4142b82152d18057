import Foundation
import GRDB
import JSONText
import SearchSpace
import Studies
import StudyDefinitions

/// Reads of the record and of the journal.
extension SQLiteStudyStore {
  public func evaluations(
    _ keys: [EvaluationKey]
  ) async throws(StoreError) -> [EvaluationKey: RecordedEvaluation] {
    try await read { database in
      var found: [EvaluationKey: RecordedEvaluation] = [:]
      let statement = try database.cachedStatement(sql: EvaluationColumn.selection)
      for key in keys {
        guard let row = try Row.fetchOne(statement, arguments: [Data(key.bytes)]) else { continue }
        guard let study = UUID(uuidString: row[EvaluationColumn.study]) else {
          throw StoreError.failure("an evaluation's row cannot be read")
        }
        let outcome: RecordedEvaluation.Outcome =
          if let diverged: Int = row[EvaluationColumn.divergedAt] {
            .diverged(iteration: diverged)
          } else {
            .finished(
              try CurveCoding.decode(names: row[EvaluationColumn.names], points: row[EvaluationColumn.points]))
          }
        found[key] = RecordedEvaluation(
          key: key, outcome: outcome, folds: FoldCoding.decode(row[EvaluationColumn.folds]), study: study,
          origin: row[EvaluationColumn.origin], computeSeconds: row[EvaluationColumn.computeSeconds])
      }
      return found
    }
  }

  public func position() async throws(StoreError) -> Int {
    try await read { try Self.position($0) }
  }

  public func journal(study: UUID?, beyond position: Int, limit: Int) async throws(StoreError) -> JournalPage {
    try await read { database in
      let floor = try Int.fetchOne(database.cachedStatement(sql: "SELECT min(position) FROM journal")).map { $0 - 1 }
      let condition = study == nil ? "" : "study = ? AND "
      let arguments = (study.map { [$0.uuidString as any DatabaseValueConvertible] } ?? []) + [position, limit]
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT position, kind, study, name, number FROM journal \
            WHERE \(condition)position > ? ORDER BY position LIMIT ?
            """), arguments: StatementArguments(arguments))
      let entries = try rows.map { row in
        guard let kind = JournalEntry.Kind(rawValue: row[1]), let study = UUID(uuidString: row[2]) else {
          throw StoreError.failure("the journal's entry \(row[0] as Int) is damaged")
        }
        return JournalEntry(position: row[0], kind: kind, study: study, name: row[3], number: row[4])
      }
      let highest = try Self.position(database)
      return JournalPage(entries: entries, floor: floor ?? highest, position: highest)
    }
  }

  static func position(_ database: Database) throws -> Int {
    try Int.fetchOne(
      database.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'journal'")) ?? 0
  }
}
