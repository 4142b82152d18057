import Foundation
import GRDB
import Studies

/// Remembers studies in one SQLite file, in WAL mode with `synchronous=FULL`.
public final class SQLiteStudyStore: StudyStore {
  /// How many journal entries are kept.
  public static let journalLength = 100_000

  public let bell = JournalBell()
  let pool: DatabasePool
  private let commits: GroupCommit
  private let reads = ReadLine()
  private let lock: DatabaseLock
  private let path: String

  /// Opens a file, or makes it; refuses one that is foreign, newer, corrupt or in use, and leaves it as it was.
  ///
  /// `quick_check` reads the whole file: about a third of a second for 100 MB.
  public init(path: String) throws(DatabaseFileError) {
    self.path = path
    let kind = try DatabaseFile.inspect(path, newest: Migration.all.count)
    lock = try DatabaseLock(database: path)
    do {
      var configuration = Configuration()
      configuration.foreignKeysEnabled = true
      configuration.busyMode = .timeout(5)
      let version: Int
      if case .ours(let found) = kind { version = found } else { version = 0 }
      if version > 0 { try Self.check(path, configuration) }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try Migrator.migrate(queue, path: path, from: version)
      try queue.close()
      let pool = try DatabasePool(path: path, configuration: configuration)
      // GRDB sets NORMAL when it opens a pool, after anything that a configuration could say.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      // Until then the header of the file tells the old version.
      if version < Migration.all.count { _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
      self.pool = pool
      commits = GroupCommit(pool: pool, writer: ChangeWriter(journalLength: Self.journalLength))
    } catch {
      throw Self.plain(error, path)
    }
  }

  /// Ends reads that still run, checkpoints the WAL and releases the file lock.
  public func close() throws {
    endReads()
    _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try pool.close()
    // GRDB closes its readers last, and they leave the files of the log behind; a writer that closes last takes them away.
    try DatabaseQueue(path: path).close()
    lock.release()
  }

  @discardableResult
  public func commit(_ changes: [StoreChange]) async throws(StoreError) -> Int {
    let position = try await commits.commit(changes).get()
    bell.ring(position)
    return position
  }

  /// Reads one moment, away from cooperative threads; ends within a few steps of SQLite once the task is cancelled.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    try await reads.read(pool, body)
  }

  /// Ends every read that runs, and refuses later ones, because the service stops.
  public func endReads() { reads.end() }

  /// Throws where a page is corrupt.
  ///
  /// Where a crash has left a log behind, the file is only read: closing the last connection that may write would bring
  /// the log into a file that is then refused. Without a log a reader would leave an empty one.
  private static func check(_ path: String, _ configuration: Configuration) throws {
    var status = stat()
    var checking = configuration
    checking.readonly = stat(path + "-wal", &status) == 0 && status.st_size > 0
    let queue = try DatabaseQueue(path: path, configuration: checking)
    let verdict = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    try queue.close()
    guard verdict == "ok" else {
      // SQLite puts a headline before what it found.
      let found = verdict?.split(separator: "\n").last.map(String.init) ?? "SQLite says no more"
      throw DatabaseFileError("\(path) is corrupt: \(found).")
    }
  }

  private static func plain(_ error: any Error, _ path: String) -> DatabaseFileError {
    if let error = error as? DatabaseFileError { return error }
    guard let error = error as? DatabaseError else { return DatabaseFileError("\(path) cannot be opened: \(error).") }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return DatabaseFileError("\(path) is corrupt (\(error.message ?? "SQLite says no more")).")
    case .SQLITE_FULL: return DatabaseFileError("\(path) cannot be opened: the disk is full.")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN:
      return DatabaseFileError("\(path) cannot be opened for writing (\(error.message ?? "SQLite says no more")).")
    default: return DatabaseFileError("\(path) cannot be opened: \(error.message ?? "\(error)").")
    }
  }
}

extension Date {
  /// Milliseconds since 1970, as they are stored.
  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

  init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
