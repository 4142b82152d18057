import ExactText
import Foundation
import GRDB
import JSONText
import SearchAlgorithms
import SearchSpace
import Studies
import StudyDefinitions

extension SQLiteStudyStore {
  public func unfinishedStudies() async throws(StoreError) -> [Study] {
    try await read { database in
      try Self.studies(database, where: "state IN ('running', 'paused') ORDER BY created_at, id", [])
    }
  }

  public func study(named name: String) async throws(StoreError) -> Snapshot<Study>? {
    try await read { database in
      guard let study = try Self.studies(database, where: "name = ?", [name]).first else { return nil }
      return Snapshot(value: study, position: try Self.position(database))
    }
  }

  public func study(id: UUID) async throws(StoreError) -> Study? {
    try await read { try Self.studies($0, where: "id = ?", [id.uuidString]).first }
  }

  public func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>> {
    try await read { database in
      var conditions = ["1"]
      var arguments: [any DatabaseValueConvertible] = []
      if !filter.states.isEmpty {
        conditions.append("state IN (\(filter.states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ",")))")
      }
      for name in filter.labelNames {
        conditions.append("EXISTS (SELECT 1 FROM json_each(labels) WHERE key = ?)")
        arguments += [name.string]
      }
      for (key, value) in filter.labels.sorted(by: { $0.key < $1.key }) {
        conditions.append("EXISTS (SELECT 1 FROM json_each(labels) WHERE key = ? AND value = ?)")
        arguments += [key.string, value.string]
      }
      if let dataset = filter.dataset {
        conditions.append("dataset = ?")
        arguments.append(dataset)
      }
      if let algorithm = filter.algorithm {
        conditions.append("algorithm = ?")
        arguments.append(algorithm)
      }
      if let after {
        conditions.append("(created_at, id) < (?, ?)")
        arguments += [after.createdAt.milliseconds, after.id.uuidString]
      }
      let found = try Self.studies(
        database,
        where: "\(conditions.joined(separator: " AND ")) ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)",
        arguments)
      let page = Page(found, limit: limit) { StudyKey(createdAt: $0.createdAt, id: $0.id) }
      return Snapshot(value: page, position: try Self.position(database))
    }
  }

  public func trial(study: UUID, number: Int) async throws(StoreError) -> Snapshot<Trial>? {
    try await read { database in
      let found = try Self.trials(database, of: study, where: "number = ?", [number])
      guard let trial = found.first else { return nil }
      return Snapshot(value: trial, position: try Self.position(database))
    }
  }

  public func trials(
    study: UUID, _ query: TrialQuery, after: TrialKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Trial, TrialKey>> {
    try await read { database in
      var conditions = ["1"]
      var arguments: [any DatabaseValueConvertible] = []
      if !query.states.isEmpty {
        conditions.append("state IN (\(query.states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ",")))")
      }
      let order: String
      switch query.order {
      case .number:
        order = "number"
        if let after {
          conditions.append("number > ?")
          arguments.append(after.number)
        }
      case .value:
        order = query.maximize ? "value DESC NULLS LAST, number" : "value NULLS LAST, number"
        if let after, let value = after.value {
          conditions.append("(value \(query.maximize ? "<" : ">") ? OR (value = ? AND number > ?) OR value IS NULL)")
          arguments += [value, value, after.number]
        } else if let after {
          conditions.append("value IS NULL AND number > ?")
          arguments.append(after.number)
        }
      }
      let found = try Self.trials(
        database, of: study, where: "\(conditions.joined(separator: " AND ")) ORDER BY \(order) LIMIT \(limit + 1)",
        arguments)
      let page = Page(found, limit: limit) { TrialKey(number: $0.number, value: $0.value) }
      return Snapshot(value: page, position: try Self.position(database))
    }
  }

  public func curve(study: UUID, number: Int) async throws(StoreError) -> LearningCurve {
    try await read { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT names, points FROM measurements \
          WHERE study = (SELECT key FROM studies WHERE id = ?) AND number = ?
          """, arguments: [study.uuidString, number])
      guard let row else { return LearningCurve(names: []) }
      return try CurveCoding.decode(names: row[0], points: row[1])
    }
  }

  public func evaluations(
    _ keys: [EvaluationKey]
  ) async throws(StoreError) -> [EvaluationKey: RecordedEvaluation] {
    try await read { database in
      var found: [EvaluationKey: RecordedEvaluation] = [:]
      let statement = try database.cachedStatement(
        sql: "SELECT diverged_at, names, points, study, origin, compute_seconds FROM evaluations WHERE key = ?")
      for key in keys {
        guard let row = try Row.fetchOne(statement, arguments: [Data(key.bytes)]) else { continue }
        guard let study = UUID(uuidString: row[3]) else {
          throw StoreError.failure("an evaluation's row cannot be read")
        }
        let outcome: RecordedEvaluation.Outcome =
          if let diverged: Int = row[0] {
            .diverged(iteration: diverged)
          } else {
            .finished(try CurveCoding.decode(names: row[1], points: row[2]))
          }
        found[key] = RecordedEvaluation(
          key: key, outcome: outcome, study: study, origin: row[4], computeSeconds: row[5])
      }
      return found
    }
  }

  public func bestPoints(
    study: UUID, maximize: Bool, count: Int
  ) async throws(StoreError) -> Snapshot<[BestPoint]> {
    try await read { database in
      let space = try Self.space(database, of: study)
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT parameters, mean, m2, n, loss, (
            SELECT group_concat(number) FROM (
              SELECT number FROM trials
              WHERE study = points.study AND parameters = points.parameters AND state = 'completed' ORDER BY number
            )
          ) FROM points WHERE study = (SELECT key FROM studies WHERE id = ?)
          ORDER BY mean \(maximize ? "DESC" : "ASC"), loss NULLS LAST, first_trial LIMIT ?
          """, arguments: [study.uuidString, count])
      let points = try rows.map { row in
        BestPoint(
          point: try Self.point(row[0], space), mean: row[1], squaredDeviations: row[2], runs: row[3],
          trials: (row[5] as String? ?? "").split(separator: ",").compactMap { Int($0) }, validationLoss: row[4])
      }
      return Snapshot(value: points, position: try Self.position(database))
    }
  }

  public func position() async throws(StoreError) -> Int {
    try await read { try Self.position($0) }
  }

  public func journal(study: UUID?, beyond position: Int, limit: Int) async throws(StoreError) -> JournalPage {
    try await read { database in
      let floor = try Int.fetchOne(database.cachedStatement(sql: "SELECT MIN(position) FROM journal")).map { $0 - 1 }
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT position, kind, study, name, number FROM journal
            WHERE position > ?1 AND (?2 IS NULL OR study = ?2) ORDER BY position LIMIT ?3
            """), arguments: [position, study?.uuidString, limit])
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

  // MARK: Rows

  static func position(_ database: Database) throws -> Int {
    try Int.fetchOne(
      database.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'journal'")) ?? 0
  }

  private static func studies(
    _ database: Database, where condition: String, _ arguments: [any DatabaseValueConvertible]
  ) throws -> [Study] {
    try Row.fetchAll(
      database.cachedStatement(sql: "SELECT * FROM studies WHERE \(condition)"),
      arguments: StatementArguments(arguments)
    ).map { row in
      let edits = try Row.fetchAll(
        database.cachedStatement(sql: "SELECT from_trial, at, changes FROM edits WHERE study = ? ORDER BY place"),
        arguments: [row["key"] as Int64]
      ).map { edit in
        StudyEdit(fromTrial: edit[0], at: Date(milliseconds: edit[1]), changes: try json(edit[2]))
      }
      return try Study(row, edits: edits)
    }
  }

  private static func trials(
    _ database: Database, of study: UUID, where condition: String, _ arguments: [any DatabaseValueConvertible]
  ) throws -> [Trial] {
    let space = try space(database, of: study)
    let statement = try database.cachedStatement(
      sql: """
        SELECT number, replicate, state, parameters, value, scores, metrics, origin, horizon, algorithm_version, attempt, \
        failures, crashes, worker, error, failure_class, reused_from, created_at, started_at, finished_at, compute_seconds \
        FROM trials WHERE study = (SELECT key FROM studies WHERE id = ?) AND \(condition)
        """)
    var found: [Trial] = []
    let rows = try Row.fetchCursor(
      statement, arguments: StatementArguments([study.uuidString as any DatabaseValueConvertible] + arguments))
    while let row = try rows.next() { found.append(try Trial(row, study: study, space: space)) }
    return found
  }

  private static func space(_ database: Database, of study: UUID) throws -> ParameterSpace {
    let resolved = try String.fetchOne(
      database.cachedStatement(sql: "SELECT resolved FROM studies WHERE id = ?"), arguments: [study.uuidString])
    guard let resolved else { return ParameterSpace([]) }
    return try ResolvedDefinition(json: json(resolved)).space
  }

  static func point(_ text: String, _ space: ParameterSpace) throws -> Point {
    try Point(json: json(text), space: space)
  }

  static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }
}

extension Page where Item: Sendable, Key: Sendable {
  /// A page of `limit` items from a read of one more.
  init(_ found: [Item], limit: Int, key: (Item) -> Key) {
    let items = Array(found.prefix(limit))
    self.init(items: items, next: found.count > limit ? items.last.map(key) : nil)
  }
}

extension Study {
  fileprivate init(_ row: Row, edits: [StudyEdit]) throws {
    guard let id = UUID(uuidString: row["id"]), let state = StudyState(rawValue: row["state"]) else {
      throw StoreError.failure("a study's row cannot be read")
    }
    self.init(
      id: id, definition: try SQLiteStudyStore.json(row["definition"]),
      resolved: try ResolvedDefinition(json: SQLiteStudyStore.json(row["resolved"])),
      at: Date(milliseconds: row["created_at"]))
    self.state = state
    self.edits = edits
    stateReason = row["state_reason"]
    stopReason = (row["stop_code"] as String?).map { StopReason(code: $0, detail: row["stop_detail"] ?? "") }
    budget = Budget(trials: row["budget_trials"], seconds: row["budget_seconds"])
    parallelism = row["parallelism"]
    maxRunning = row["max_running"]
    labels = [ExactText: ExactText](json: try SQLiteStudyStore.json(row["labels"]))
    notes = (row["notes"] as String?).map { ExactText($0) }
    reproducible = Reproducibility(through: row["reproducible_through"], reason: row["reproducible_reason"])
    counts.queued = row["queued"]
    counts.running = row["running"]
    counts.completed = row["completed"]
    counts.pruned = row["pruned"]
    counts.infeasible = row["infeasible"]
    counts.failed = row["failed"]
    counts.stopped = row["stopped"]
    counts.reused = row["reused"]
    elapsedSeconds = row["elapsed_seconds"]
    elapsedAt = Date(milliseconds: row["elapsed_at"])
    crashes = row["crashes"]
    revision = row["revision"]
    updatedAt = Date(milliseconds: row["updated_at"])
    finishedAt = (row["finished_at"] as Int64?).map { Date(milliseconds: $0) }
  }
}

extension Trial {
  fileprivate init(_ row: Row, study: UUID, space: ParameterSpace) throws {
    guard let state = TrialState(rawValue: row[2]) else { throw StoreError.failure("a trial's row cannot be read") }
    let suggestion = Suggestion(
      point: try SQLiteStudyStore.point(row[3], space), replicate: row[1], horizon: row[8],
      origin: Origin(json: try SQLiteStudyStore.json(row[7])))
    self.init(
      study: study, number: row[0], suggestion: suggestion, algorithmVersion: row[9], worker: "",
      at: Date(milliseconds: row[17]))
    self.state = state
    value = row[4]
    let scores: String = row[5]
    if scores != "[]" { self.scores = try SQLiteStudyStore.json(scores).arrayValue?.compactMap(\.numberValue) ?? [] }
    let metrics: String = row[6]
    if metrics != "{}" {
      for member in try SQLiteStudyStore.json(metrics).objectValue?.members ?? [] {
        self.metrics[member.name] = member.value.numberValue
      }
    }
    attempt = row[10]
    failures = row[11]
    crashes = row[12]
    worker = row[13]
    error = row[14]
    failureClass = (row[15] as String?).flatMap(FailureClass.init)
    reusedFrom = row[16]
    startedAt = (row[18] as Int64?).map { Date(milliseconds: $0) }
    finishedAt = (row[19] as Int64?).map { Date(milliseconds: $0) }
    computeSeconds = row[20]
  }
}
