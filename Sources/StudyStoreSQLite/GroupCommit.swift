import Dispatch
import Foundation
import GRDB
import Promises
import Studies

/// Stores what many callers ask for in one transaction, so that they share the wait for the disk.
///
/// A caller's changes have a savepoint of their own: one that fails does not fail the others. The work is done on a
/// queue of its own; no cooperative thread waits.
final class GroupCommit: Sendable {
  private struct Entry: Sendable {
    var changes: [StoreChange]
    var answer: @Sendable (Result<Int, StoreError>) -> Void
  }

  private let pool: DatabasePool
  private let writer: ChangeWriter
  private let soundness: Soundness
  private let log: WriteAheadLog
  private let watch: DatabaseWatch
  private let queue = DispatchQueue(label: "cairn.store.commit")
  private let line = Locked((pending: [Entry](), isDraining: false))

  init(pool: DatabasePool, writer: ChangeWriter, soundness: Soundness, log: WriteAheadLog, watch: DatabaseWatch) {
    self.pool = pool
    self.writer = writer
    self.soundness = soundness
    self.log = log
    self.watch = watch
  }

  /// Stores all changes or none; gives the journal position after them.
  func commit(_ changes: [StoreChange]) async -> Result<Int, StoreError> {
    await Promise<Result<Int, StoreError>>.kept { promise in
      let starts = line.withLock { line in
        line.pending.append(Entry(changes: changes) { promise.keep($0) })
        defer { line.isDraining = true }
        return !line.isDraining
      }
      if starts { queue.async { self.drain() } }
    }
  }

  private func drain() {
    while true {
      let entries = line.withLock { line in
        defer { line.pending = [] }
        if line.pending.isEmpty { line.isDraining = false }
        return line.pending
      }
      if entries.isEmpty { return log.shortenLater() }
      let results = soundness.fault.map { fault in entries.map { _ in .failure(.corrupt(fault)) } } ?? store(entries)
      for (entry, result) in zip(entries, results) { entry.answer(result) }
    }
  }

  /// Stores something that changes nothing, to find out whether the disk takes it.
  func probe() {
    queue.async { [self] in
      let outcome = Result {
        try pool.writeWithoutTransaction { database in
          try database.inTransaction(.immediate) {
            try database.execute(sql: "PRAGMA user_version = \(Migration.all.count)")
            return .commit
          }
        }
      }
      if case .failure(let error) = outcome { watch.committed(error) } else { watch.committed(nil) }
    }
  }

  /// Makes an entry's changes, or says why they cannot be made; then those that were made are to be taken back.
  private func apply(_ entry: Entry, to database: Database) throws -> Result<Int, StoreError> {
    do { return .success(try writer.apply(entry.changes, to: database)) } catch {
      let failure = StoreError(error)
      if case .corrupt(let detail) = failure { soundness.note(detail) }
      // A full disk or a failed write rolls back the whole transaction, and nobody's changes are stored.
      if !database.isInsideTransaction { throw error }
      return .failure(failure)
    }
  }

  private func store(_ entries: [Entry]) -> [Result<Int, StoreError>] {
    if let trouble = watch.look() { return entries.map { _ in .failure(.unavailable(trouble.sentence)) } }
    var results: [Result<Int, StoreError>] = []
    do {
      try pool.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          // One entry needs no savepoint, for which SQLite keeps a copy of each page that changes, in a temporary file if
          // they are many.
          if entries.count == 1 {
            results = [try apply(entries[0], to: database)]
            if case .failure? = results.first { return .rollback }
            return .commit
          }
          for entry in entries {
            try database.inSavepoint {
              let result = try apply(entry, to: database)
              results.append(result)
              if case .failure = result { return .rollback }
              return .commit
            }
          }
          return .commit
        }
      }
      watch.committed(nil)
      return results
    } catch {
      watch.committed(error)
      let failure = StoreError(error)
      if case .corrupt(let detail) = failure { soundness.note(detail) }
      return entries.map { _ in .failure(failure) }
    }
  }
}

extension StoreError {
  /// What a caller can tell apart in an error of the database.
  init(_ error: any Error) {
    switch error {
    case let error as StoreError: self = error
    case is CancellationError: self = .interrupted
    case let error as DatabaseError:
      switch error.resultCode {
      case .SQLITE_CONSTRAINT where error.message?.hasPrefix("UNIQUE constraint failed: trials.") == true:
        self = .trialTaken
      case .SQLITE_FULL: self = .diskFull
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(error.message ?? "SQLite gives no reason")
      case .SQLITE_INTERRUPT: self = .interrupted
      default: self = .failure("\(error)")
      }
    default: self = .failure("\(error)")
    }
  }
}
