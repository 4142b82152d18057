import Foundation
import GRDB
import JSONText
import Promises
import Studies
import StudyDefinitions

/// The definitions of the studies that were read last: a definition never changes, and parsing it again takes longer than
/// what was asked for.
///
/// It holds texts of at most `bytes` bytes, whose values take some ten times as much memory. Two generations instead of a
/// list by use.
final class DefinitionCache: Sendable {
  /// A definition as it was posted, and with every default.
  struct Entry: Sendable {
    var definition: JSONValue
    var resolved: ResolvedDefinition
    /// How many bytes their texts have.
    var bytes: Int
  }

  private struct State {
    var young: [UUID: Entry] = [:]
    var old: [UUID: Entry] = [:]
    var youngBytes = 0

    mutating func insert(_ entry: Entry, _ study: UUID, generationBytes: Int) {
      if youngBytes + entry.bytes > generationBytes { (old, young, youngBytes) = (young, [:], 0) }
      young[study] = entry
      youngBytes += entry.bytes
    }
  }

  private let generationBytes: Int
  private let state = Locked(State())

  init(bytes: Int = 4 << 20) { generationBytes = bytes / 2 }

  /// How many definitions it holds, and the bytes of their texts.
  var contents: (count: Int, bytes: Int) {
    state.withLock { state in
      let all = Array(state.young.values) + Array(state.old.values)
      return (all.count, all.reduce(0) { $0 + $1.bytes })
    }
  }

  /// The definition of a study, whose texts are read where it is not held.
  func entry(of study: UUID, key: Int64, in database: Database) throws -> Entry {
    if let known = find(study) { return known }
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT definition, resolved FROM study_texts WHERE study = ?"), arguments: [key])
    guard let row else { throw StoreError.failure("a study's row cannot be read") }
    let (definition, resolved): (String, String) = (row[0], row[1])
    let entry = Entry(
      definition: try JSONCoding.json(definition),
      resolved: try ResolvedDefinition(json: JSONCoding.json(resolved)),
      bytes: definition.utf8.count + resolved.utf8.count)
    keep(entry, of: study)
    return entry
  }

  private func find(_ study: UUID) -> Entry? {
    state.withLock { state in
      if let entry = state.young[study] { return entry }
      guard let entry = state.old.removeValue(forKey: study) else { return nil }
      state.insert(entry, study, generationBytes: generationBytes)
      return entry
    }
  }

  /// Holds a definition, unless it is so large that it would leave no room for others.
  private func keep(_ entry: Entry, of study: UUID) {
    guard entry.bytes <= generationBytes / 2 else { return }
    state.withLock { state in
      if state.young[study] == nil { state.insert(entry, study, generationBytes: generationBytes) }
    }
  }
}
