import Foundation
import GRDB
import JSONText
import Studies
import StudyDefinitions

/// The place of a study in the list of all.
struct StudyPlace: Sendable {
  var key: Int64
  var createdAt: Int64
  var id: UUID
}

/// Finds studies and their rows at one moment.
struct StudyReader {
  let database: Database
  let definitions: DefinitionCache

  /// The places of the studies that a filter lets through, newest first.
  ///
  /// A state is always asked for by itself, so that every filter has an index that ends with the order of the list.
  func keys(_ filter: StudyFilter, after: StudyKey?, limit: Int) throws -> [StudyPlace] {
    if !filter.labels.isEmpty || !filter.labelNames.isEmpty { return try labelled(filter, after: after, limit: limit) }
    var conditions = ["gone = 0"]
    var arguments: [any DatabaseValueConvertible] = []
    if let dataset = filter.dataset {
      conditions.append("dataset = ?")
      arguments.append(dataset)
    }
    if let algorithm = filter.algorithm {
      conditions.append("algorithm = ?")
      arguments.append(algorithm)
    }
    var states: [StudyState?] = filter.states.sorted { $0.rawValue < $1.rawValue }
    if states.isEmpty { states = arguments.isEmpty ? [nil] : StudyState.allCases }
    let (beyond, end) = Self.beyond(after, "created_at", "id")
    let found = try states.map { state in
      let own = conditions + (state == nil ? [] : ["state = ?"]) + beyond
      return try places(
        "SELECT key, created_at, id FROM studies WHERE \(own.joined(separator: " AND ")) "
          + "ORDER BY created_at DESC, id DESC LIMIT ?",
        arguments + (state.map { [$0.rawValue] } ?? []) + end + [limit])
    }
    guard found.count > 1 else { return found[0] }
    let sorted = found.joined().sorted {
      ($0.createdAt, $0.id.uuidString) > ($1.createdAt, $1.id.uuidString)
    }
    return Array(sorted.prefix(limit))
  }

  /// Those with labels: one label leads, and the rest is looked up for each study that has it.
  private func labelled(_ filter: StudyFilter, after: StudyKey?, limit: Int) throws -> [StudyPlace] {
    var wanted = filter.labels.sorted { $0.key < $1.key }.map {
      (name: $0.key.string, value: Optional($0.value.string))
    }
    wanted += filter.labelNames.sorted().map { (name: $0.string, value: nil) }
    func isLike(_ table: String, _ label: (name: String, value: String?)) -> (String, [any DatabaseValueConvertible]) {
      let name = "\(table).name = ?"
      return label.value.map { ("\(name) AND \(table).value = ?", [label.name, $0]) } ?? (name, [label.name])
    }
    var (condition, arguments) = isLike("led", wanted[0])
    var conditions = [condition]
    let (beyond, end) = Self.beyond(after, "led.created_at", "led.id")
    conditions += beyond
    arguments += end
    if !filter.states.isEmpty {
      conditions.append(
        "studies.state IN (\(filter.states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")))")
    }
    if let dataset = filter.dataset {
      conditions.append("studies.dataset = ?")
      arguments.append(dataset)
    }
    if let algorithm = filter.algorithm {
      conditions.append("studies.algorithm = ?")
      arguments.append(algorithm)
    }
    for label in wanted.dropFirst() {
      let (like, values) = isLike("other", label)
      conditions.append("EXISTS (SELECT 1 FROM study_labels AS other WHERE other.study = led.study AND \(like))")
      arguments += values
    }
    return try places(
      "SELECT led.study, led.created_at, led.id FROM study_labels AS led "
        + "CROSS JOIN studies ON studies.key = led.study WHERE \(conditions.joined(separator: " AND ")) "
        + "ORDER BY led.created_at DESC, led.id DESC LIMIT ?", arguments + [limit])
  }

  private static func beyond(
    _ after: StudyKey?, _ time: String, _ id: String
  ) -> (conditions: [String], arguments: [any DatabaseValueConvertible]) {
    guard let after else { return ([], []) }
    return (["(\(time), \(id)) < (?, ?)"], [after.createdAt.milliseconds, after.id.uuidString])
  }

  private func places(_ sql: String, _ arguments: [any DatabaseValueConvertible]) throws -> [StudyPlace] {
    var found: [StudyPlace] = []
    let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    while let row = try rows.next() {
      guard let id = UUID(uuidString: row[2]) else { throw StoreError.failure("a study's row cannot be read") }
      found.append(StudyPlace(key: row[0], createdAt: row[1], id: id))
    }
    return found
  }

  /// The one key that a statement finds.
  func key(_ sql: String, _ argument: String) throws -> Int64? {
    try Int64.fetchOne(database.cachedStatement(sql: sql), arguments: [argument])
  }

  /// A study with all that belongs to it.
  func study(_ key: Int64) throws -> Study? { try row(key).map { try study($0, key: key).study } }

  /// The study of a row, and the bytes of its definition's texts.
  func study(_ row: StudyRow, key: Int64) throws -> (study: Study, bytes: Int) {
    let edits = try Row.fetchAll(
      database.cachedStatement(sql: "SELECT from_trial, at, changes FROM edits WHERE study = ? ORDER BY place"),
      arguments: [key]
    ).map { edit in
      StudyEdit(
        fromTrial: edit[0], at: Date(milliseconds: edit[1]), changes: try JSONCoding.json(edit[2]))
    }
    let known = try definitions.entry(of: row.summary.id, key: key, in: database)
    let study = Study(row.summary, definition: known.definition, resolved: known.resolved, edits: edits)
    return (study, known.bytes)
  }

  /// What a list shows of a study.
  func row(_ key: Int64) throws -> StudyRow? {
    let row = try Row.fetchOne(database.cachedStatement(sql: StudyRow.selection), arguments: [key])
    return try row.map { try StudyRow($0) }
  }
}
