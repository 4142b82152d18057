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

/// A study as it is stored.
public struct Study: Sendable, Hashable {
  /// Its identity; a name may be used again after a deletion.
  public var id: UUID
  /// Its name.
  public var name: String
  public var state: StudyState
  /// One sentence on why it is in this state, where that is not plain.
  public var stateReason: String?
  public var stopReason: StopReason?
  /// The definition as posted.
  public var definition: JSONValue
  /// The definition with every default, as it was when the study was made.
  public var resolved: ResolvedDefinition
  /// Edits in the order made.
  public var edits: [StudyEdit]
  /// The budget in force.
  public var budget: Budget
  /// The parallelism in force.
  public var parallelism: Int
  /// The bound on running trials in force.
  public var maxRunning: Int?
  public var labels: [ExactText: ExactText]
  public var notes: ExactText?
  public var reproducible: Reproducibility
  public var counts: TrialCounts
  /// Seconds in `running` up to `elapsedAt`.
  public var elapsedSeconds: Double
  /// When `elapsedSeconds` was taken.
  public var elapsedAt: Date
  /// Starts of the service that found trials running since the last outcome.
  public var crashes: Int
  /// Rises by one with every stored change of the study or of its trials.
  public var revision: Int
  public var createdAt: Date
  public var updatedAt: Date
  public var finishedAt: Date?

  /// Makes the row of a study that was just posted.
  public init(id: UUID, definition: JSONValue, resolved: ResolvedDefinition, at now: Date) {
    self.id = id
    name = resolved.name
    state = .running
    stateReason = nil
    stopReason = nil
    self.definition = definition
    self.resolved = resolved
    edits = []
    budget = resolved.budget
    parallelism = resolved.parallelism
    maxRunning = resolved.maxRunning
    labels = resolved.labels
    notes = resolved.notes
    reproducible = Reproducibility()
    counts = TrialCounts()
    elapsedSeconds = 0
    elapsedAt = now
    crashes = 0
    revision = 1
    createdAt = now
    updatedAt = now
    finishedAt = nil
  }
}
