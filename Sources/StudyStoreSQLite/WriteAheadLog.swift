import CSystem
import Dispatch
import Foundation
import GRDB
import Promises

/// Keeps the write-ahead log short: a start after a kill reads all of it, and so does a copy of the file.
///
/// SQLite brings the log into the file after every thousand pages by itself, but for what a long read still needs; then the
/// log grows, and keeps its length.
final class WriteAheadLog: Sendable {
  /// How long a log may stay once it has begun anew, in bytes.
  static let keptBytes = 16 << 20
  /// How long after the last commit it is cut, in seconds.
  private static let idleSeconds = 2.0
  /// How long a cut waits for readers, in milliseconds: the writer waits with it.
  private static let patience = 50

  private let pool: DatabasePool
  private let file: String
  private let queue = DispatchQueue(label: "cairn.store.log")
  private let cut = Locked((isPlanned: false, isEnded: false))

  init(_ pool: DatabasePool, path: String) {
    self.pool = pool
    file = path + "-wal"
  }

  /// Has SQLite cut the log whenever it begins anew.
  func bound() throws {
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_size_limit = \(Self.keptBytes)") }
  }

  /// Cuts a log that has become long, once nothing more is stored for a while.
  func shortenLater() {
    guard bytes > Self.keptBytes else { return }
    let plans = cut.withLock { cut in
      defer { cut.isPlanned = true }
      return !cut.isPlanned && !cut.isEnded
    }
    guard plans else { return }
    queue.asyncAfter(deadline: .now() + Self.idleSeconds) { [self] in
      let isEnded = cut.withLock { cut in
        cut.isPlanned = false
        return cut.isEnded
      }
      if !isEnded { shorten() }
    }
  }

  /// Brings the log into the file and cuts it; whatever a reader still needs stays.
  func shorten() {
    do {
      try pool.writeWithoutTransaction { database in
        // Without waiting for anybody; then only readers of this moment are left to wait for.
        _ = try database.checkpoint(.passive)
        try database.execute(sql: "PRAGMA busy_timeout = \(Self.patience)")
        defer { try? database.execute(sql: "PRAGMA busy_timeout = 5000") }
        _ = try database.checkpoint(.truncate)
      }
    } catch {
      // A reader was longer than the patience, or the disk is full: the next commit plans it anew.
    }
  }

  /// Cuts the log for the last time.
  func end() {
    cut.withLock { $0.isEnded = true }
    queue.sync {}
    shorten()
  }

  private var bytes: Int {
    var status = stat()
    return stat(file, &status) == 0 ? Int(status.st_size) : 0
  }
}
