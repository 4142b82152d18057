import CSystem
import Dispatch
import Foundation
import GRDB
import Promises

/// Whether the database can be trusted.
public enum StoreHealth: Sendable, Hashable {
  /// Every page was looked at, and is as it should be.
  case sound
  /// Not every page was looked at yet, and nothing was found.
  case unchecked
  /// Something is wrong; one sentence. Nothing is changed any more.
  case corrupt(String)
}

/// Looks for corrupt pages: in a small file before anything else is done with it, in a large one while the service works.
final class Soundness: Sendable {
  /// Files up to this size are read as a whole at the start: a tenth of a second.
  static let smallBytes: Int64 = 32 << 20
  /// The nice value of the thread that reads a large file, as of those that train.
  private static let nice: Int32 = 10

  private let path: String
  private let report: @Sendable (String) -> Void
  private let state: Locked<State>
  /// Entered while the thread runs.
  private let running = DispatchGroup()

  private struct State {
    var found: StoreHealth
    var reader: DatabaseQueue?
    var isEnded = false
  }

  init(_ path: String, _ found: StoreHealth, report: @escaping @Sendable (String) -> Void) {
    self.path = path
    state = Locked(State(found: found))
    self.report = report
  }

  var health: StoreHealth { state.withLock { $0.found } }

  /// What was found; nil where nothing was.
  var fault: String? {
    if case .corrupt(let sentence) = health { sentence } else { nil }
  }

  /// Notes that a statement met something corrupt.
  func note(_ detail: String) {
    let sentence = "\(path) is corrupt: \(detail)."
    let isNews = state.withLock { state in
      if case .corrupt = state.found { return false }
      state.found = .corrupt(sentence)
      return true
    }
    guard isNews else { return }
    report(sentence)
    // SQLite also calls a page damaged that the disk could not be read for a moment.
    onThread { [self] in lookAgain() }
  }

  /// Trusts the file again where nothing is found at a second look at all of it.
  private func lookAgain() {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    guard let queue = try? DatabaseQueue(path: path, configuration: configuration) else { return }
    defer { try? queue.close() }
    let goesOn = state.withLock { state in
      if !state.isEnded { state.reader = queue }
      return !state.isEnded
    }
    guard goesOn else { return }
    defer { state.withLock { $0.reader = nil } }
    let verdict = try? queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") }
    guard verdict == "ok" else { return }
    state.withLock { $0.found = .sound }
    report("\(path) was looked at again, and is sound.")
  }

  /// Of low priority, as what trains.
  private func onThread(_ body: @escaping @Sendable () -> Void) {
    running.enter()
    let thread = Thread { [running] in
      defer { running.leave() }
      cairn_set_thread_name("cairn-check")
      _ = cairn_set_thread_nice(Self.nice)
      body()
    }
    thread.start()
  }

  // MARK: At the start

  /// Throws where a file is corrupt: of a small one every page is looked at, of a large one what is read first.
  static func check(_ path: String, _ configuration: Configuration, smallBytes: Int64) throws -> StoreHealth {
    var status = stat()
    let isSmall = stat(path, &status) == 0 && status.st_size <= smallBytes
    var checking = configuration
    // Where a crash has left a log behind, the file is only read: closing the last connection that may write would bring
    // the log into a file that is then refused. Without a log a reader would leave an empty one.
    checking.readonly = stat(path + "-wal", &status) == 0 && status.st_size > 0
    let queue = try DatabaseQueue(path: path, configuration: checking)
    let fault = try queue.read { try isSmall ? Self.fault(in: $0) : Self.fault(atFirstSight: $0) }
    try queue.close()
    if let fault { throw DatabaseFileError("\(path) is corrupt: \(fault).") }
    return isSmall ? .sound : .unchecked
  }

  private static func fault(in database: Database, table: String? = nil) throws -> String? {
    let argument = table.map { "'\($0)'" } ?? "1"
    let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(\(argument))")
    if verdict == "ok" { return nil }
    // SQLite puts a headline before what it found.
    return verdict?.split(separator: "\n").last.map(String.init) ?? "SQLite gives no reason"
  }

  /// The schema, every page of the tables that stay small, and both ends of the others; SQLite itself compares the size of
  /// the file with what its header says.
  private static func fault(atFirstSight database: Database) throws -> String? {
    let tables = try Row.fetchAll(
      database, sql: "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    for row in tables {
      let (name, hasNoRowID): (String, Bool) = (row[0], row[1])
      if ["studies", "leases", "migrations", "datasets"].contains(name) {
        if let fault = try fault(in: database, table: name) { return fault }
      } else if hasNoRowID || name.hasPrefix("sqlite_") {
        _ = try Row.fetchOne(database, sql: "SELECT * FROM \"\(name)\" LIMIT 1")
      } else {
        for direction in ["ASC", "DESC"] {
          _ = try Row.fetchOne(database, sql: "SELECT * FROM \"\(name)\" ORDER BY rowid \(direction) LIMIT 1")
        }
      }
    }
    return nil
  }

  // MARK: While the service works

  /// Looks at every page of a file that was too large for that, on a thread of low priority.
  ///
  /// A table at a time: as long as one reads, the log cannot begin anew.
  func begin() {
    guard health == .unchecked else { return }
    running.enter()
    let thread = Thread { [self] in
      defer { running.leave() }
      cairn_set_thread_name("cairn-check")
      _ = cairn_set_thread_nice(Self.nice)
      do { try checkAll() } catch let error as DatabaseError where error.isOfCorruption {
        note(error.message ?? "SQLite gives no reason")
      } catch {
        // Ended, or refused for another reason: nothing is known.
      }
    }
    thread.start()
  }

  private func checkAll() throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    let goesOn = state.withLock { state in
      if !state.isEnded { state.reader = queue }
      return !state.isEnded
    }
    guard goesOn else { return }
    defer { state.withLock { $0.reader = nil } }
    let tables = try queue.read {
      try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    }
    for table in tables {
      let fault = try queue.read { try Self.fault(in: $0, table: table) }
      // A check that was interrupted has not seen all, and what it says of that is worth nothing.
      if state.value.isEnded { return }
      if let fault { return note(fault) }
    }
    state.withLock { if $0.found == .unchecked { $0.found = .sound } }
  }

  /// Ends what is looked at, and returns when its connection is closed; after a second in any case.
  func end() {
    state.withLock { $0.isEnded = true }
    // Again and again: an interruption that comes between two statements is lost.
    for _ in 0..<100 {
      state.value.reader?.interrupt()
      if running.wait(timeout: .now() + 0.01) == .success { return }
    }
  }
}

extension DatabaseError {
  /// Whether SQLite met a page that is not as it should be.
  var isOfCorruption: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }
}
