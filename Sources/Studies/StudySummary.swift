import ExactText
import Foundation
import JSONText
import StudyDefinitions

/// A study as a list shows it: without its definition and its edits, which may be long.
public struct StudySummary: Sendable, Hashable {
  public var id: UUID
  public var name: String
  public var state: StudyState
  public var stateReason: String?
  public var stopReason: StopReason?
  /// The data set's name.
  public var dataset: String
  /// The algorithm's name.
  public var algorithm: String
  /// The objective's name.
  public var metric: String
  /// Which way is better.
  public var goal: Goal
  public var budget: Budget
  public var parallelism: Int
  public var maxRunning: Int?
  public var labels: [ExactText: ExactText]
  public var notes: ExactText?
  public var reproducible: Reproducibility
  public var counts: TrialCounts
  public var elapsedSeconds: Double
  public var elapsedAt: Date
  public var crashes: Int
  public var revision: Int
  public var createdAt: Date
  public var updatedAt: Date
  public var finishedAt: Date?

  /// What a list shows of a study.
  public init(_ study: Study) {
    id = study.id
    name = study.name
    state = study.state
    stateReason = study.stateReason
    stopReason = study.stopReason
    dataset = study.resolved.dataset
    algorithm = study.resolved.algorithm
    metric = study.resolved.metric
    goal = study.resolved.goal
    budget = study.budget
    parallelism = study.parallelism
    maxRunning = study.maxRunning
    labels = study.labels
    notes = study.notes
    reproducible = study.reproducible
    counts = study.counts
    elapsedSeconds = study.elapsedSeconds
    elapsedAt = study.elapsedAt
    crashes = study.crashes
    revision = study.revision
    createdAt = study.createdAt
    updatedAt = study.updatedAt
    finishedAt = study.finishedAt
  }

  /// Makes a summary of the parts that a row holds.
  public init(
    id: UUID, name: String, state: StudyState, dataset: String, algorithm: String, metric: String, goal: Goal,
    budget: Budget, parallelism: Int, createdAt: Date
  ) {
    self.id = id
    self.name = name
    self.state = state
    self.dataset = dataset
    self.algorithm = algorithm
    self.metric = metric
    self.goal = goal
    self.budget = budget
    self.parallelism = parallelism
    labels = [:]
    reproducible = Reproducibility()
    counts = TrialCounts()
    elapsedSeconds = 0
    elapsedAt = createdAt
    crashes = 0
    revision = 1
    self.createdAt = createdAt
    updatedAt = createdAt
  }
}

extension Study {
  /// Makes a study from what a list shows of it, and the rest.
  public init(_ summary: StudySummary, definition: JSONValue, resolved: ResolvedDefinition, edits: [StudyEdit]) {
    id = summary.id
    name = summary.name
    state = summary.state
    stateReason = summary.stateReason
    stopReason = summary.stopReason
    self.definition = definition
    self.resolved = resolved
    self.edits = edits
    budget = summary.budget
    parallelism = summary.parallelism
    maxRunning = summary.maxRunning
    labels = summary.labels
    notes = summary.notes
    reproducible = summary.reproducible
    counts = summary.counts
    elapsedSeconds = summary.elapsedSeconds
    elapsedAt = summary.elapsedAt
    crashes = summary.crashes
    revision = summary.revision
    createdAt = summary.createdAt
    updatedAt = summary.updatedAt
    finishedAt = summary.finishedAt
  }
}
