import Foundation

/// One change, as the journal tells it: what changed, not how.
public struct JournalEntry: Sendable, Hashable {
  /// What an entry is about.
  public enum Kind: String, Sendable, Hashable, CaseIterable { case study, trial, deleted }

  /// Its place; positions rise and are never used again.
  public var position: Int
  public var kind: Kind
  public var study: UUID
  /// The study's name, which outlives a deleted study here.
  public var name: String
  /// The trial's number; nil for a study.
  public var number: Int?

  /// Makes an entry.
  public init(position: Int, kind: Kind, study: UUID, name: String, number: Int?) {
    self.position = position
    self.kind = kind
    self.study = study
    self.name = name
    self.number = number
  }
}

/// A stretch of the journal.
public struct JournalPage: Sendable {
  /// Entries in order of their positions.
  public var entries: [JournalEntry]
  /// The position before the oldest kept entry: a reader that is further back has missed entries.
  public var floor: Int
  /// The highest position at that moment.
  public var position: Int
  /// Makes a page.
  public init(entries: [JournalEntry], floor: Int, position: Int) {
    self.entries = entries
    self.floor = floor
    self.position = position
  }
}
