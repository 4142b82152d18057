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
      let key = try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT key FROM studies WHERE id = ?"), arguments: [study.uuidString])
      guard let key else { return LearningCurve(names: []) }
      let row = try Row.fetchOne(
        database.cachedStatement(sql: "SELECT names, points FROM measurements WHERE study = ? AND number = ?"),
        arguments: [key, number])
      guard let row else { return try Self.reported(database, study: key, number: number) }
      return try CurveCoding.decode(names: row[0], points: row[1])
    }
  }

  public func reports(study: UUID, numbers: [Int]) async throws(StoreError) -> [Int: LearningCurve] {
    try await read { database in
      let key = try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT key FROM studies WHERE id = ?"), arguments: [study.uuidString])
      guard let key else { return [:] }
      var found: [Int: LearningCurve] = [:]
      for number in numbers {
        let curve = try Self.reported(database, study: key, number: number, most: .max)
        if curve.count > 0 { found[number] = curve }
      }
      return found
    }
  }

  /// What a caller told of a trial, at `most` steps at most: evenly spaced, the last among them.
  static func reported(
    _ database: Database, study key: Int64, number: Int, most: Int = curvePoints
  ) throws -> LearningCurve {
    let place = "FROM reports WHERE study = ? AND number = ?"
    let count = try Int.fetchOne(
      database.cachedStatement(sql: "SELECT count(*) \(place)"), arguments: [key, number])
    guard let count, count > 0 else { return LearningCurve(names: []) }
    let stride = count > most ? (count + most - 1) / most : 1
    var points: [CurvePoint] = []
    let rows = try Row.fetchCursor(
      database.cachedStatement(sql: "SELECT step, metrics \(place) ORDER BY step"), arguments: [key, number])
    var left = count
    while let row = try rows.next() {
      left -= 1
      if left % stride == 0 { points.append(CurvePoint(step: row[0], metrics: try JSONCoding.metrics(row[1]))) }
    }
    return LearningCurve(points)
  }

  /// How many points of a curve that a caller told are shown at most.
  private static let curvePoints = 200

  public func lastReports(study: UUID) async throws(StoreError) -> [Int: ReportTail] {
    try await read { database in
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT number, study FROM leases \
            WHERE study = (SELECT key FROM studies WHERE id = ?) AND seconds IS NOT NULL
            """), arguments: [study.uuidString])
      var tails: [Int: ReportTail] = [:]
      for row in rows {
        let (number, key) = (row[0] as Int, row[1] as Int64)
        let last = try Row.fetchOne(
          database.cachedStatement(
            sql: "SELECT step, metrics FROM reports WHERE study = ? AND number = ? ORDER BY step DESC LIMIT 1"),
          arguments: [key, number])
        let count = try Int.fetchOne(
          database.cachedStatement(sql: "SELECT count(*) FROM reports WHERE study = ? AND number = ?"),
          arguments: [key, number])
        guard let last, let count else { continue }
        tails[number] = ReportTail(
          last: CurvePoint(step: last[0], metrics: try JSONCoding.metrics(last[1])), count: count)
      }
      return tails
    }
  }

  public func output(
    study: UUID, number: Int, attempt: Int?, from start: Int
  ) async throws(StoreError) -> TrialOutput? {
    try await read { database in
      let key = try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT key FROM studies WHERE id = ?"), arguments: [study.uuidString])
      guard let key else { return nil }
      let last = try Int.fetchOne(
        database.cachedStatement(
          sql: "SELECT attempt FROM logs WHERE study = ? AND number = ? ORDER BY attempt DESC LIMIT 1"),
        arguments: [key, number])
      guard let last else { return nil }
      let from = attempt == last ? start : 0
      // The piece that begins last at or before the place, and all after it.
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT start, bytes FROM logs WHERE study = ?1 AND number = ?2 AND attempt = ?3 AND start >= coalesce(
              (SELECT start FROM logs WHERE study = ?1 AND number = ?2 AND attempt = ?3 AND start <= ?4
               ORDER BY start DESC LIMIT 1), 0) ORDER BY start
            """), arguments: [key, number, last, from])
      var output = TrialOutput(attempt: last, start: rows.first?[0] ?? from, bytes: [])
      for row in rows {
        // What was never told leaves a gap, which is closed.
        output.bytes += row[1] as Data
      }
      if output.start < from {
        output.bytes.removeFirst(min(from - output.start, output.bytes.count))
        output.start = from
      }
      if output.bytes.count > LogPiece.mostBytes {
        output.start += output.bytes.count - LogPiece.mostBytes
        output.bytes = Array(output.bytes.suffix(LogPiece.mostBytes))
      }
      return output
    }
  }

  public func number(of point: Point, study: UUID) async throws(StoreError) -> Int? {
    try await read { database in
      try Int.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT number FROM trials \
            WHERE study = (SELECT key FROM studies WHERE id = ?) AND parameters = ? ORDER BY replicate LIMIT 1
            """), arguments: [study.uuidString, point.key])
    }
  }

  public func metricNames(study: UUID) async throws(StoreError) -> [String] {
    try await read { database in
      try String.fetchAll(
        database.cachedStatement(
          sql: "SELECT name FROM study_metrics WHERE study = (SELECT key FROM studies WHERE id = ?) ORDER BY name"),
        arguments: [study.uuidString])
    }
  }

  public func leases(study: UUID) async throws(StoreError) -> [Int: Lease] {
    try await read { database in
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT number, id, worker, expires_at, seconds, heartbeat_at FROM leases \
            WHERE study = (SELECT key FROM studies WHERE id = ?)
            """), arguments: [study.uuidString])
      let leases = try rows.map { row in
        guard let id = UUID(uuidString: row["id"]) else { throw StoreError.failure("a lease's row cannot be read") }
        func date(_ name: String) -> Date? { (row[name] as Int64?).map { Date(milliseconds: $0) } }
        return (
          row["number"] as Int,
          Lease(
            id: id, worker: row["worker"], seconds: row["seconds"], expiresAt: date("expires_at"),
            heartbeatAt: date("heartbeat_at"))
        )
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
