import Dispatch
import Foundation
import GRDB
import Promises

/// Removes what belongs to deleted studies, a small transaction at a time, so that nobody waits long for the writer.
///
/// What a kill leaves behind is found by its mark at the next start.
final class Purge: Sendable {
  /// How many rows one statement removes, each with its curve and its entries in every index.
  private static let batch = 50
  /// How long one transaction removes rows, in seconds: others wait for the writer as long.
  private static let turn = 0.01

  private let pool: DatabasePool
  private let soundness: Soundness
  private let queue = DispatchQueue(label: "cairn.store.purge")
  private let state = Locked(State())

  private struct State {
    var isRunning = false
    var isEnded = false
    /// Whether there may be more than what was seen.
    var isAsked = false
  }

  init(_ pool: DatabasePool, _ soundness: Soundness) {
    self.pool = pool
    self.soundness = soundness
  }

  /// Looks for deleted studies, and removes what belongs to them.
  func begin() {
    let starts = state.withLock { state in
      state.isAsked = true
      guard !state.isRunning, !state.isEnded else { return false }
      state.isRunning = true
      return true
    }
    if starts { queue.async { self.step() } }
  }

  /// Begins no other transaction; waits for one that runs.
  func end() {
    state.withLock { $0.isEnded = true }
    queue.sync {}
  }

  private func step() {
    let goesOn = state.withLock { state in
      state.isAsked = false
      let goesOn = !state.isEnded && soundness.fault == nil
      if !goesOn { state.isRunning = false }
      return goesOn
    }
    guard goesOn else { return }
    let began = DispatchTime.now()
    // A disk that is full now may have room later.
    var pause = 10.0
    do {
      let removed = try pool.writeWithoutTransaction { database in
        var removed = false
        try database.inTransaction(.immediate) {
          repeat { removed = try Self.remove(database) } while removed && Self.seconds(since: began) < Self.turn
          return .commit
        }
        return removed
      }
      let isDone = state.withLock { state in
        let isDone = !removed && !state.isAsked
        if isDone { state.isRunning = false }
        return isDone
      }
      if isDone { return }
      // As long as it took: every other turn is for those who wait.
      pause = Self.seconds(since: began)
    } catch {
      if let error = error as? DatabaseError, error.isOfCorruption { soundness.note(error.message ?? "\(error)") }
    }
    queue.asyncAfter(deadline: .now() + pause) { self.step() }
  }

  private static func seconds(since began: DispatchTime) -> Double {
    Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) / 1e9
  }

  /// Removes some of what belongs to a deleted study, and the study once nothing is left; false where there is none.
  static func remove(_ database: Database) throws -> Bool {
    let key = try Int64.fetchOne(database.cachedStatement(sql: "SELECT key FROM studies WHERE gone = 1 LIMIT 1"))
    guard let key else { return false }
    for table in ["trials", "points"] {
      try database.cachedStatement(
        sql: "DELETE FROM \(table) WHERE rowid IN (SELECT rowid FROM \(table) WHERE study = ? LIMIT ?)"
      ).execute(arguments: [key, batch])
      if database.changesCount > 0 { return true }
    }
    try database.cachedStatement(
      sql: "DELETE FROM edits WHERE study = ?1 AND place < (SELECT min(place) FROM edits WHERE study = ?1) + ?2"
    ).execute(arguments: [key, batch])
    if database.changesCount > 0 { return true }
    try database.cachedStatement(sql: "DELETE FROM studies WHERE key = ?").execute(arguments: [key])
    return true
  }
}
