import ExactText
import Foundation
import JSONText
import StudyDefinitions

/// The state of a study.
public enum StudyState: String, Sendable, Hashable, CaseIterable {
  case running, paused, completed, stopped, failed

  /// Whether nothing more happens unless a person asks for it.
  public var isFinished: Bool { self == .completed || self == .stopped || self == .failed }
}

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

/// Where the promise "same definition, same trials" ends.
public struct Reproducibility: Sendable, Hashable {
  /// The last trial that the promise holds for; nil while it holds for all.
  public var through: Int?
  /// Why it ends; nil while it holds for all.
  public var reason: String?
  /// Makes one; by default all of the promise holds.
  public init(through: Int? = nil, reason: String? = nil) {
    self.through = through
    self.reason = reason
  }
}

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
