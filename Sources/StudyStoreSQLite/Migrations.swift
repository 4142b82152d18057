import Foundation
import GRDB

/// One step of the schema, embedded from `migrations/`.
struct Migration: Sendable {
  /// From 1, without a hole; the file's `user_version` after it.
  var number: Int
  /// The file's name.
  var name: String
  /// The statements, LF line ends.
  var sql: String

  /// Every migration, in order; a test holds this list against the folder.
  static let all: [Migration] = [
    Migration(number: 1, name: "0001-initial.sql", bytes: PackageResources._001_initial_sql),
    Migration(number: 2, name: "0002-evaluations.sql", bytes: PackageResources._002_evaluations_sql),
    Migration(number: 3, name: "0003-bounded-reads.sql", bytes: PackageResources._003_bounded_reads_sql),
    Migration(number: 4, name: "0004-fold-scores.sql", bytes: PackageResources._004_fold_scores_sql),
    Migration(number: 5, name: "0005-external-trials.sql", bytes: PackageResources._005_external_trials_sql),
    Migration(number: 6, name: "0006-leaders.sql", bytes: PackageResources._006_leaders_sql),
    Migration(number: 7, name: "0007-comparisons.sql", bytes: PackageResources._007_comparisons_sql),
    Migration(number: 8, name: "0008-confirm.sql", bytes: PackageResources._008_confirm_sql),
  ]

  private init(number: Int, name: String, bytes: [UInt8]) {
    self.number = number
    self.name = name
    sql = String(decoding: bytes, as: UTF8.self)
  }

  /// FNV-1a over the text, 64 bits in hexadecimal: tells an edited file, which is all it is for.
  var checksum: String {
    let hash = sql.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }
}

/// Brings a database to the newest schema.
enum Migrator {
  /// Applies what is missing, one transaction each, after a copy of the file was put aside.
  static func migrate(_ queue: DatabaseQueue, path: String, from version: Int) throws {
    let missing = Migration.all.filter { $0.number > version }
    guard !missing.isEmpty else { return }
    if version > 0 { try putAside(queue, copy: "\(path).before-\(missing[0].number)") }
    for migration in missing {
      try queue.write { database in
        try database.execute(sql: "PRAGMA application_id = \(DatabaseFile.applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(migration.number)")
        try database.execute(
          sql: """
            CREATE TABLE IF NOT EXISTS migrations (
              number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL
            ) STRICT
            """)
        try database.execute(sql: migration.sql)
        try database.execute(
          sql: "INSERT INTO migrations VALUES (?, ?, ?, ?)",
          arguments: [migration.number, migration.name, migration.checksum, Date().milliseconds])
      }
    }
  }

  /// Applied migrations are frozen: a file whose history differs from this program's is refused.
  static func check(_ queue: DatabaseQueue, version: Int, path: String) throws {
    guard version > 0 else { return }
    let applied = try queue.read { database in
      try Row.fetchAll(database, sql: "SELECT number, name, checksum FROM migrations ORDER BY number")
    }
    for (row, migration) in zip(applied, Migration.all) where row["checksum"] as String != migration.checksum {
      throw DatabaseFileError("\(path) was made with another text of \(row["name"] as String); it was left as it is.")
    }
    guard applied.count == version else {
      throw DatabaseFileError("\(path) says schema \(version), and has \(applied.count) migrations: it is damaged.")
    }
  }

  private static func putAside(_ queue: DatabaseQueue, copy: String) throws {
    try? FileManager.default.removeItem(atPath: copy)
    try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
  }
}
