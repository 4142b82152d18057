import Foundation
import GRDB
import JSONText
import SearchSpace
import Studies

/// Reads of trials and points.
extension SQLiteStudyStore {
  public func trial(study: UUID, number: Int) async throws(StoreError) -> Snapshot<Trial>? {
    try await read { [definitions] database in
      guard let reader = try TrialReader(database, of: study, definitions), let trial = try reader.trial(number) else {
        return nil
      }
      return Snapshot(value: trial, position: try Self.position(database))
    }
  }

  public func trials(
    study: UUID, _ query: TrialFilter, after: TrialKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Trial, TrialKey>> {
    try await read { [definitions] database in
      let found = try TrialReader(database, of: study, definitions)?.trials(query, after: after, limit: limit + 1) ?? []
      let items = Array(found.prefix(limit))
      let next = found.count > limit ? items.last.map { TrialKey(number: $0.number, value: $0.value) } : nil
      return Snapshot(value: Page(items: items, next: next), position: try Self.position(database))
    }
  }

  public func curve(study: UUID, number: Int) async throws(StoreError) -> LearningCurve {
    try await read { database in
      let row = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT names, points FROM measurements \
            WHERE study = (SELECT key FROM studies WHERE id = ?) AND number = ?
            """), arguments: [study.uuidString, number])
      guard let row else { return LearningCurve(names: []) }
      return try CurveCoding.decode(names: row[0], points: row[1])
    }
  }

  public func leases(study: UUID) async throws(StoreError) -> [Int: Lease] {
    try await read { database in
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT number, id, worker, expires_at FROM leases WHERE study = (SELECT key FROM studies WHERE id = ?)
            """), arguments: [study.uuidString])
      let leases = try rows.map { row in
        guard let id = UUID(uuidString: row["id"]) else { throw StoreError.failure("a lease's row cannot be read") }
        let expiry = (row["expires_at"] as Int64?).map { Date(milliseconds: $0) }
        return (row["number"] as Int, Lease(id: id, worker: row["worker"], expiresAt: expiry))
      }
      return Dictionary(uniqueKeysWithValues: leases)
    }
  }

  public func bestPoints(
    study: UUID, maximize: Bool, count: Int
  ) async throws(StoreError) -> Snapshot<[BestPoint]> {
    try await read { [definitions] database in
      let points =
        try TrialReader(database, of: study, definitions)?.bestPoints(maximize: maximize, count: count) ?? []
      return Snapshot(value: points, position: try Self.position(database))
    }
  }

  public func leaders(of studies: [UUID]) async throws(StoreError) -> [UUID: BestPoint] {
    try await read { [definitions] database in
      var leaders: [UUID: BestPoint] = [:]
      for study in studies {
        guard let reader = try TrialReader(database, of: study, definitions) else { continue }
        leaders[study] = try reader.bestPoints(maximize: reader.maximize, count: 1).first
      }
      return leaders
    }
  }
}
