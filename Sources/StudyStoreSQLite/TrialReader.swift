import Foundation
import GRDB
import SearchSpace
import Studies

/// Finds the trials and points of one study at one moment.
///
/// Every statement goes along an index that has the order that is asked for, and stops at the limit.
struct TrialReader {
  private let database: Database
  private let study: UUID
  private let key: Int64
  private let space: ParameterSpace
  /// Whether larger values are better.
  let maximize: Bool

  /// nil where there is no such study.
  init?(_ database: Database, of study: UUID, _ definitions: DefinitionCache) throws {
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT key, goal FROM studies WHERE id = ?"), arguments: [study.uuidString])
    guard let row else { return nil }
    self.database = database
    self.study = study
    key = row[0]
    maximize = row[1] == "maximize"
    space = try definitions.entry(of: study, key: key, in: database).resolved.space
  }

  // MARK: Trials

  func trial(_ number: Int) throws -> Trial? { try rows("number = ?", [number]).first }

  func trials(_ query: TrialFilter, after: TrialKey?, limit: Int) throws -> [Trial] {
    let states = query.states.isEmpty ? Set(TrialState.allCases) : query.states
    guard query.order == .value else {
      return try byNumber(states, after: after?.number, limit: limit, isDescending: query.isDescending)
    }
    var found: [Trial] = []
    // Only what is completed has a value.
    if states.contains(.completed), after == nil || after?.value != nil {
      found = try byValue(after, limit: limit, maximize: query.maximize)
    }
    if found.count < limit {
      let number = after?.value == nil ? after?.number : nil
      found += try byNumber(
        states.subtracting([.completed]), after: number, limit: limit - found.count, isDescending: false)
    }
    return found
  }

  /// What has a value, best first, equal ones by number.
  private func byValue(_ after: TrialKey?, limit: Int, maximize: Bool) throws -> [Trial] {
    let order = "ORDER BY value \(maximize ? "DESC" : "ASC"), number LIMIT ?"
    guard let after, let value = after.value else { return try rows("value IS NOT NULL \(order)", [limit]) }
    let equal = try rows(
      "value = ? AND number > ? ORDER BY number LIMIT ?", [value, after.number, limit])
    guard equal.count < limit else { return equal }
    return equal + (try rows("value \(maximize ? "<" : ">") ? \(order)", [value, limit - equal.count]))
  }

  private func byNumber(
    _ states: Set<TrialState>, after: Int?, limit: Int, isDescending: Bool
  ) throws -> [Trial] {
    let (sign, direction) = isDescending ? ("<", "DESC") : (">", "ASC")
    let start = after ?? (isDescending ? .max : 0)
    let condition = "number \(sign) ? ORDER BY number \(direction) LIMIT ?"
    if states.count == TrialState.allCases.count { return try rows(condition, [start, limit]) }
    if states.count == 1, let state = states.first {
      return try rows("state = ? AND \(condition)", [state.rawValue, start, limit])
    }
    // The numbers of each state by themselves, merged; then the rows of those that are wanted.
    let statement = try database.cachedStatement(
      sql: "SELECT number FROM trials WHERE study = ? AND state = ? AND \(condition)")
    var numbers: [Int] = []
    for state in states { numbers += try Int.fetchAll(statement, arguments: [key, state.rawValue, start, limit]) }
    numbers.sort { isDescending ? $0 > $1 : $0 < $1 }
    return try numbers.prefix(limit).compactMap { try trial($0) }
  }

  private func rows(_ condition: String, _ arguments: [any DatabaseValueConvertible]) throws -> [Trial] {
    let statement = try database.cachedStatement(sql: "\(TrialColumn.selection) AND \(condition)")
    var found: [Trial] = []
    let rows = try Row.fetchCursor(
      statement, arguments: StatementArguments([key as any DatabaseValueConvertible] + arguments))
    while let row = try rows.next() { found.append(try Trial(row, study: study, space: space)) }
    return found
  }

  // MARK: Points

  func bestPoints(maximize: Bool, count: Int) throws -> [BestPoint] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT parameters, mean, m2, n, loss, confirm_n, confirm_mean, confirm_m2 FROM points WHERE study = ? \
        ORDER BY still_in DESC, mean \(maximize ? "DESC" : "ASC"), loss IS NULL, loss, first_trial LIMIT ?
        """)
    // The replicates of a point get their numbers in order. The plus keeps SQLite from an index over all that is completed.
    let numbers = try database.cachedStatement(
      sql: """
        SELECT number FROM trials WHERE study = ? AND parameters = ? AND +state = 'completed' \
        ORDER BY replicate LIMIT \(BestPoint.mostTrials)
        """)
    var left: Int?
    return try Row.fetchAll(statement, arguments: [key, count]).map { row in
      let text: String = row[0]
      var point = BestPoint(
        point: try JSONCoding.point(text, space), mean: row[1], squaredDeviations: row[2], runs: row[3],
        trials: try Int.fetchAll(numbers, arguments: [key, text]).sorted(), tieBreak: row[4])
      let runs: Int = row[5]
      if runs > 0 {
        let count = try left ?? pointsLeft()
        left = count
        point.confirmed = BestPoint.Confirmed(
          mean: row[6], squaredDeviations: row[7], runs: runs, left: max(1, count))
      }
      return point
    }
  }

  /// How many points are left after the last round of new runs; 0 before the first. Cost: one entry of an index for each.
  private func pointsLeft() throws -> Int {
    try Int.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT count(*) FROM points INDEXED BY points_by_\(maximize ? "highest" : "lowest") \
          WHERE study = ? AND still_in = 1
          """), arguments: [key]) ?? 0
  }
}
