import Foundation
import GRDB
import JSONText
import Studies
import StudyDefinitions

/// Reads of studies.
extension SQLiteStudyStore {
  public func unfinishedStudies() async throws(StoreError) -> [Study] {
    try await read { [definitions] database in
      let reader = StudyReader(database: database, definitions: definitions)
      var filter = StudyFilter()
      filter.states = [.running, .paused]
      return try reader.keys(filter, after: nil, limit: .max).reversed().compactMap { try reader.study($0.key) }
    }
  }

  public func study(named name: String) async throws(StoreError) -> Snapshot<Study>? {
    try await read { [definitions] database in
      let reader = StudyReader(database: database, definitions: definitions)
      guard let key = try reader.key("SELECT key FROM studies WHERE name = ? AND gone = 0", name),
        let study = try reader.study(key)
      else { return nil }
      return Snapshot(value: study, position: try Self.position(database))
    }
  }

  public func study(id: UUID) async throws(StoreError) -> Study? {
    try await read { [definitions] database in
      let reader = StudyReader(database: database, definitions: definitions)
      return try reader.key("SELECT key FROM studies WHERE id = ?", id.uuidString).flatMap { try reader.study($0) }
    }
  }

  public func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>> {
    try await page(filter, after: after, limit: limit, bytes: bytes) { reader, place in
      try reader.row(place.key).map { row in
        let (study, bytes) = try reader.study(row, key: place.key)
        return (study, row.bytes + bytes)
      }
    }
  }

  public func summaries(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<StudySummary, StudyKey>> {
    try await page(filter, after: after, limit: limit, bytes: bytes) { reader, place in
      try reader.row(place.key).map { ($0.summary, $0.bytes) }
    }
  }

  /// A page that ends at `limit` studies, or before its texts are over `bytes`.
  private func page<Item: Sendable>(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int,
    _ item: @escaping @Sendable (StudyReader, StudyPlace) throws -> (Item, bytes: Int)?
  ) async throws(StoreError) -> Snapshot<Page<Item, StudyKey>> {
    try await read { [definitions] database in
      let reader = StudyReader(database: database, definitions: definitions)
      let places = try reader.keys(filter, after: after, limit: limit + 1)
      var items: [Item] = []
      var last: StudyPlace?
      var left = bytes
      for place in places.prefix(limit) {
        guard let (found, size) = try item(reader, place) else { continue }
        left -= size
        if left < 0, !items.isEmpty { break }
        items.append(found)
        last = place
      }
      let hasMore = last.map { $0.key != places.last?.key } ?? false
      let next = hasMore ? last.map { StudyKey(createdAt: Date(milliseconds: $0.createdAt), id: $0.id) } : nil
      return Snapshot(value: Page(items: items, next: next), position: try Self.position(database))
    }
  }
}
