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
  private let purge: Purge
  let log: WriteAheadLog
  let soundness: Soundness
  let definitions = DefinitionCache()
  private let lock: DatabaseLock
  private let watch: DatabaseWatch
  private let path: String

  /// Opens a file, or makes it; refuses one that is foreign, newer, corrupt or in use, and leaves it as it was.
  ///
  /// A large file is looked at as a whole only afterwards: `report` gets one sentence where it is corrupt, and `health`
  /// says so from then on. `troubles` is told when changes cannot be stored any more, and nil when they can again.
  /// `logSpace` is how many bytes of output all trials keep together.
  public convenience init(
    path: String, logSpace: Int = 1 << 30, report: @escaping @Sendable (String) -> Void = { _ in },
    troubles: @escaping @Sendable (StoreTrouble?) -> Void = { _ in }
  ) throws(DatabaseFileError) {
    try self.init(
      path: path, smallBytes: Soundness.smallBytes, logSpace: logSpace, report: report, troubles: troubles)
  }

  /// Connections that read, opened as they are needed: more than the long answers that the API makes at once, which are
  /// eight, so that a short one always finds one free.
  static let readers = 12

  /// The same with another idea of what is small; `prepare` sees every connection.
  init(
    path: String, smallBytes: Int64, logSpace: Int = 1 << 30, prepare: (@Sendable (Database) throws -> Void)? = nil,
    report: @escaping @Sendable (String) -> Void = { _ in },
    troubles: @escaping @Sendable (StoreTrouble?) -> Void = { _ in }
  ) throws(DatabaseFileError) {
    self.path = path
    let kind = try DatabaseFile.inspect(path, newest: Migration.all.count)
    lock = try DatabaseLock(database: path)
    watch = DatabaseWatch(file: lock, path: path, report: troubles)
    do {
      var configuration = Configuration()
      configuration.foreignKeysEnabled = true
      configuration.busyMode = .timeout(5)
      configuration.maximumReaderCount = Self.readers
      let version: Int
      if case .ours(let found) = kind { version = found } else { version = 0 }
      let health = version > 0 ? try Soundness.check(path, configuration, smallBytes: smallBytes) : .sound
      // A file that is as it should be is left so: on a full disk there may be no room for more.
      if version < Migration.all.count {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try Migrator.migrate(queue, path: path, from: version)
        try queue.close()
      } else {
        try Self.checkHistory(path, configuration, version)
      }
      if let prepare { configuration.prepareDatabase(prepare) }
      let pool = try DatabasePool(path: path, configuration: configuration)
      // GRDB sets NORMAL when it opens a pool, after anything that a configuration could say.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      // Until then the header of the file tells the old version.
      if version < Migration.all.count { _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
      self.pool = pool
      soundness = Soundness(path, health, report: report)
      log = WriteAheadLog(pool, path: path)
      commits = GroupCommit(
        pool: pool, writer: ChangeWriter(journalLength: Self.journalLength, logSpace: logSpace), soundness: soundness,
        log: log, watch: watch)
      purge = Purge(pool, soundness)
      try log.bound()
    } catch {
      lock.abandon()
      throw Self.plain(error, path)
    }
    soundness.begin()
    purge.begin()
    watch.begin { [weak commits] in commits?.probe() }
  }

  /// Whether the database can be trusted; `corrupt` once anything was found, and then every change is refused.
  public var health: StoreHealth { soundness.health }

  /// Ends reads that still run, checkpoints the WAL and releases the file lock.
  public func close() throws {
    endReads()
    soundness.end()
    purge.end()
    watch.end()
    // Goes to the file that is open, wherever it is now.
    log.end()
    let place = lock.place
    // SQLite would take away a log that is another file's now.
    if place == .replaced { return }
    try pool.close()
    // GRDB closes its readers last, and they leave the files of the log behind; a writer that closes last takes them away.
    // It would make a file that is not there any more.
    if place == .inPlace {
      try DatabaseQueue(path: path).close()
    } else {
      removeEmptyLog()
    }
    lock.release()
  }

  private func removeEmptyLog() {
    var status = stat()
    guard stat(path + "-wal", &status) == 0, status.st_size == 0 else { return }
    for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
  }

  public var trouble: StoreTrouble? { soundness.fault.map { StoreTrouble(sentence: $0) } ?? watch.trouble }

  @discardableResult
  public func commit(_ changes: [StoreChange]) async throws(StoreError) -> Int {
    let position = try await commits.commit(changes).get()
    bell.ring(position)
    if changes.contains(where: { if case .deleteStudy = $0 { true } else { false } }) { purge.begin() }
    return position
  }

  /// Reads one moment, away from cooperative threads; ends within a few steps of SQLite once the task is cancelled.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    if let foreign = watch.foreign { throw .unavailable(foreign.sentence) }
    do throws(StoreError) { return try await reads.read(pool, body) } catch {
      if case .corrupt(let detail) = error { soundness.note(detail) }
      // Where the file is gone, no further connection can be opened.
      if case .failure = error, let trouble = await watch.lookNow() { throw .unavailable(trouble.sentence) }
      throw error
    }
  }

  /// Ends every read that runs, and refuses later ones, because the service stops.
  public func endReads() { reads.end() }

  /// Throws where the file's migrations are not this program's. Where a log is left, the file is only read.
  private static func checkHistory(_ path: String, _ configuration: Configuration, _ version: Int) throws {
    var status = stat()
    var checking = configuration
    checking.readonly = stat(path + "-wal", &status) == 0 && status.st_size > 0
    let queue = try DatabaseQueue(path: path, configuration: checking)
    try Migrator.check(queue, version: version, path: path)
    try queue.close()
  }

  /// Whether the file system has no room for the files that SQLite keeps beside a database.
  private static func isFull(_ path: String) -> Bool {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return false }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 64 << 10
  }

  private static func plain(_ error: any Error, _ path: String) -> DatabaseFileError {
    if let error = error as? DatabaseFileError { return error }
    guard let error = error as? DatabaseError else { return DatabaseFileError("\(path) cannot be opened: \(error).") }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return DatabaseFileError("\(path) is corrupt (\(error.message ?? "SQLite gives no reason")).")
    case .SQLITE_FULL: return DatabaseFileError("\(path) cannot be opened: the disk is full.")
    case .SQLITE_IOERR where isFull(path): return DatabaseFileError("\(path) cannot be opened: the disk is full.")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN:
      return DatabaseFileError("\(path) cannot be opened for writing (\(error.message ?? "SQLite gives no reason")).")
    default: return DatabaseFileError("\(path) cannot be opened: \(error.message ?? "\(error)").")
    }
  }
}

extension Date {
  /// Milliseconds since 1970, as they are stored.
  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

  init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
