import Foundation
import GRDB
import JSONText
import Studies

/// Writes comparisons; their studies are written as all others.
struct ComparisonWriter {
  let database: Database

  /// A new comparison; throws where its name is taken.
  func insert(_ comparison: StoredComparison) throws {
    let taken = try Bool.fetchOne(
      database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM comparisons WHERE name = ?)"),
      arguments: [comparison.name])
    if taken == true { throw StoreError.comparisonTaken(comparison.name) }
    let resolved = comparison.resolved
    try database.cachedStatement(
      sql: "INSERT INTO comparisons (id, name, algorithms, seeds, created_at) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: [
      comparison.id.uuidString, comparison.name,
      JSONValue.array(resolved.entries.map { .string($0.name) }).text, resolved.seeds.count,
      comparison.createdAt.milliseconds,
    ])
    try database.cachedStatement(
      sql: "INSERT INTO comparison_texts (comparison, definition, resolved) VALUES (?, ?, ?)"
    ).execute(arguments: [database.lastInsertedRowID, comparison.definition.text, resolved.json.text])
  }
}
