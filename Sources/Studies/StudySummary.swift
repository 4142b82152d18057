import ExactText
import Foundation
import JSONText
import StudyDefinitions

/// What is stored of a study beside its definition and its edits, which may be long; all that a list shows.
public struct StudySummary: Sendable, Hashable {
  /// Its identity; a name may be used again after a deletion.
  public var id: UUID
  /// Its name.
  public var name: String
  public var state: StudyState
  /// One sentence on why it is in this state, where that is not plain.
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
  /// The budget in force.
  public var budget: Budget
  /// The parallelism in force.
  public var parallelism: Int
  /// The bound on running trials in force.
  public var maxRunning: Int?
  /// The comparison that made it; nil where none did.
  public var comparison: ComparisonPlace?
  public var labels: [ExactText: ExactText]
  public var notes: ExactText?
  public var reproducible: Reproducibility
  public var counts: TrialCounts
  /// How many points that were put in line wait for their numbers.
  public var enqueued = 0
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
