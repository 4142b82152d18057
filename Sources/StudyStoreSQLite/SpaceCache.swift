import Foundation
import GRDB
import SearchSpace
import Studies
import StudyDefinitions

/// The spaces of the studies that were read last: a definition never changes, and reading it again takes longer than what
/// was asked for.
///
/// Two generations instead of a list by use. `@unchecked Sendable`: every variable is read and written under the lock alone.
final class SpaceCache: @unchecked Sendable {
  private let lock = NSLock()
  private let generation: Int
  private var young: [UUID: ParameterSpace] = [:]
  private var old: [UUID: ParameterSpace] = [:]

  /// Keeps from `generation` to twice as many.
  init(generation: Int = 128) { self.generation = generation }

  func space(of study: UUID, key: Int64, in database: Database) throws -> ParameterSpace {
    let known: ParameterSpace? = lock.withLock {
      if let space = young[study] { return space }
      guard let space = old[study] else { return nil }
      insert(space, study)
      return space
    }
    if let known { return known }
    let resolved = try String.fetchOne(
      database.cachedStatement(sql: "SELECT resolved FROM study_texts WHERE study = ?"), arguments: [key])
    guard let resolved else { throw StoreError.failure("a study's row cannot be read") }
    let space = try ResolvedDefinition(json: SQLiteStudyStore.json(resolved)).space
    lock.withLock { insert(space, study) }
    return space
  }

  /// To be called while the lock is held.
  private func insert(_ space: ParameterSpace, _ study: UUID) {
    if young.count >= generation { (old, young) = (young, [:]) }
    young[study] = space
  }
}
