import Foundation
import GRDB
import JSONText
import Studies
import StudyDefinitions

/// Reads of comparisons.
extension SQLiteStudyStore {
  public func comparison(named name: String) async throws(StoreError) -> Snapshot<ComparisonState>? {
    try await read { [definitions] database in
      let found = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT id, created_at, definition, resolved FROM comparisons JOIN comparison_texts ON comparison = key \
            WHERE name = ?
            """), arguments: [name])
      guard let found else { return nil }
      guard let id = UUID(uuidString: found[0]) else { throw StoreError.failure("a comparison's row cannot be read") }
      let keys = try Int64.fetchAll(
        database.cachedStatement(
          sql: "SELECT key FROM studies WHERE comparison = ? AND gone = 0 ORDER BY comparison_place"),
        arguments: [id.uuidString])
      let reader = StudyReader(database: database, definitions: definitions)
      let comparison = StoredComparison(
        id: id, definition: try JSONCoding.json(found[2]),
        resolved: try ResolvedComparison(json: JSONCoding.json(found[3])), createdAt: Date(milliseconds: found[1]))
      let state = ComparisonState(
        comparison: comparison, studies: try keys.compactMap { try reader.row($0)?.summary })
      return Snapshot(value: state, position: try Self.position(database))
    }
  }

  public func comparisons(
    after: StudyKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<ComparisonRow, StudyKey>> {
    try await read { database in
      let states = StudyState.allCases.map(\.rawValue).joined(separator: ", ")
      let beyond = after == nil ? "" : "WHERE (created_at, id) < (?, ?) "
      let key: [any DatabaseValueConvertible] = after.map { [$0.createdAt.milliseconds, $0.id.uuidString] } ?? []
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT id, name, algorithms, seeds, created_at, \(states) FROM comparisons \
            \(beyond)ORDER BY created_at DESC, id DESC LIMIT ?
            """), arguments: StatementArguments(key + [limit + 1]))
      let items = try rows.prefix(limit).map { row in
        guard let id = UUID(uuidString: row[0]) else { throw StoreError.failure("a comparison's row cannot be read") }
        let counts = StudyState.allCases.enumerated().map { ($1, row[5 + $0] as Int) }
        return ComparisonRow(
          id: id, name: row[1], algorithms: try JSONCoding.json(row[2]).arrayValue?.compactMap(\.stringValue) ?? [],
          seeds: row[3], studies: Dictionary(uniqueKeysWithValues: counts.filter { $0.1 > 0 }),
          createdAt: Date(milliseconds: row[4]))
      }
      let next = rows.count > limit ? items.last.map { StudyKey(createdAt: $0.createdAt, id: $0.id) } : nil
      return Snapshot(value: Page(items: items, next: next), position: try Self.position(database))
    }
  }
}
