import Foundation
import JSONText

/// A change of budget or parallelism that a person made, in force from a trial number on.
public struct StudyEdit: Sendable, Hashable {
  /// The first trial number that it is in force for.
  public var fromTrial: Int
  /// When it was made.
  public var at: Date
  /// What changed, as the caller wrote it.
  public var changes: JSONValue
  /// Makes an edit.
  public init(fromTrial: Int, at: Date, changes: JSONValue) {
    self.fromTrial = fromTrial
    self.at = at
    self.changes = changes
  }
}
