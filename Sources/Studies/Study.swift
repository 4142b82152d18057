import ExactText
import Foundation
import JSONText
import StudyDefinitions

/// A study as it is stored: what its definition says, and what has become of it.
///
/// The members of its summary are its own: `study.state` is `study.summary.state`.
@dynamicMemberLookup
public struct Study: Sendable, Hashable {
  /// Everything but what is long.
  public var summary: StudySummary
  /// The definition as posted.
  public var definition: JSONValue
  /// The definition with every default, as it was when the study was made; the summary names four of its members.
  public var resolved: ResolvedDefinition {
    didSet {
      (summary.dataset, summary.algorithm) = (resolved.dataset, resolved.algorithm)
      (summary.metric, summary.goal) = (resolved.metric, resolved.goal)
    }
  }
  /// Edits in the order made.
  public var edits: [StudyEdit]

  /// A member of the summary.
  public subscript<Value>(dynamicMember member: WritableKeyPath<StudySummary, Value>) -> Value {
    get { summary[keyPath: member] }
    set { summary[keyPath: member] = newValue }
  }

  /// Makes the study that was just posted.
  public init(id: UUID, definition: JSONValue, resolved: ResolvedDefinition, at now: Date) {
    summary = StudySummary(
      id: id, name: resolved.name, state: .running, dataset: resolved.dataset, algorithm: resolved.algorithm,
      metric: resolved.metric, goal: resolved.goal, budget: resolved.budget, parallelism: resolved.parallelism,
      createdAt: now)
    summary.maxRunning = resolved.maxRunning
    summary.labels = resolved.labels
    summary.notes = resolved.notes
    self.definition = definition
    self.resolved = resolved
    edits = []
  }

  /// Makes a study from its summary and the rest.
  public init(_ summary: StudySummary, definition: JSONValue, resolved: ResolvedDefinition, edits: [StudyEdit]) {
    self.summary = summary
    self.definition = definition
    self.resolved = resolved
    self.edits = edits
  }
}
