import Foundation
import GRDB
import JSONText
import Studies
import StudyDefinitions

/// The definitions of the studies that were read last: a definition never changes, and parsing it again takes longer than
/// what was asked for.
///
/// It holds texts of at most `bytes` bytes, whose values take some ten times as much memory. Two generations instead of a
/// list by use. `@unchecked Sendable`: every variable is read and written under the lock alone.
final class DefinitionCache: @unchecked Sendable {
  /// A definition as it was posted, and with every default.
  struct Entry {
    var definition: JSONValue
    var resolved: ResolvedDefinition
    /// How many bytes their texts have.
    var bytes: Int
  }

  private let lock = NSLock()
  private let generationBytes: Int
  private var young: [UUID: Entry] = [:]
  private var old: [UUID: Entry] = [:]
  private var youngBytes = 0

  init(bytes: Int = 4 << 20) { generationBytes = bytes / 2 }

  /// How many definitions it holds, and the bytes of their texts.
  var contents: (count: Int, bytes: Int) {
    lock.withLock { (young.count + old.count, (young.values.map(\.bytes) + old.values.map(\.bytes)).reduce(0, +)) }
  }

  /// The definition of a study, whose texts are read where it is not held.
  func entry(of study: UUID, key: Int64, in database: Database) throws -> Entry {
    if let known = find(study) { return known }
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT definition, resolved FROM study_texts WHERE study = ?"), arguments: [key])
    guard let row else { throw StoreError.failure("a study's row cannot be read") }
    let (definition, resolved): (String, String) = (row[0], row[1])
    let entry = Entry(
      definition: try SQLiteStudyStore.json(definition),
      resolved: try ResolvedDefinition(json: SQLiteStudyStore.json(resolved)),
      bytes: definition.utf8.count + resolved.utf8.count)
    keep(entry, of: study)
    return entry
  }

  private func find(_ study: UUID) -> Entry? {
    lock.withLock {
      if let entry = young[study] { return entry }
      guard let entry = old.removeValue(forKey: study) else { return nil }
      insert(entry, study)
      return entry
    }
  }

  /// Holds a definition, unless it is so large that it would leave no room for others.
  private func keep(_ entry: Entry, of study: UUID) {
    lock.withLock { if entry.bytes <= generationBytes / 2, young[study] == nil { insert(entry, study) } }
  }

  /// To be called while the lock is held.
  private func insert(_ entry: Entry, _ study: UUID) {
    if youngBytes + entry.bytes > generationBytes { (old, young, youngBytes) = (young, [:], 0) }
    young[study] = entry
    youngBytes += entry.bytes
  }
}
