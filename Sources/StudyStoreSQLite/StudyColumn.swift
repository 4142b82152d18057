import Foundation
import GRDB
import Studies

/// The columns of `studies` that a study is made of.
enum StudyColumn: Int, TableColumn {
  // What never changes.
  case id, name, dataset, algorithm, metric, goal, comparison, comparisonPlace
  // What does.
  case state, stateReason, stopCode, stopDetail, budgetTrials, budgetSeconds, budgetStallTrials, budgetTrialSeconds,
    parallelism, maxRunning, reproducibleThrough, reproducibleReason, queued, running, completed, pruned, infeasible,
    failed, stopped, reused, enqueued,
    elapsedSeconds, elapsedAt, crashes, revision, createdAt, updatedAt, finishedAt

  static let all = Array(allCases)
  /// What an update writes.
  static let changing = Array(allCases.drop { $0 != .state })

  static let insertion = "INSERT INTO studies (\(all.names)) VALUES (\(all.marks))"
  static let update = "UPDATE studies SET \(changing.assignments) WHERE id = ?"

  /// What the column holds of a study.
  func value(of study: Study) -> (any DatabaseValueConvertible)? {
    switch self {
    case .id: study.id.uuidString
    case .name: study.name
    case .dataset: study.resolved.dataset
    case .algorithm: study.resolved.algorithm
    case .metric: study.resolved.metric
    case .goal: study.resolved.goal.rawValue
    case .comparison: study.comparison?.comparison.uuidString
    case .comparisonPlace: study.comparison?.place
    case .state: study.state.rawValue
    case .stateReason: study.stateReason
    case .stopCode: study.stopReason?.code.rawValue
    case .stopDetail: study.stopReason?.detail
    case .budgetTrials: study.budget.trials
    case .budgetSeconds: study.budget.seconds
    case .budgetStallTrials: study.budget.stallTrials
    case .budgetTrialSeconds: study.budget.trialSeconds
    case .parallelism: study.parallelism
    case .maxRunning: study.maxRunning
    case .reproducibleThrough: study.reproducible.through
    case .reproducibleReason: study.reproducible.reason
    case .queued: study.counts.queued
    case .running: study.counts.running
    case .completed: study.counts.completed
    case .pruned: study.counts.pruned
    case .infeasible: study.counts.infeasible
    case .failed: study.counts.failed
    case .stopped: study.counts.stopped
    case .reused: study.counts.reused
    case .enqueued: study.enqueued
    case .elapsedSeconds: study.elapsedSeconds
    case .elapsedAt: study.elapsedAt.milliseconds
    case .crashes: study.crashes
    case .revision: study.revision
    case .createdAt: study.createdAt.milliseconds
    case .updatedAt: study.updatedAt.milliseconds
    case .finishedAt: study.finishedAt?.milliseconds
    }
  }

  /// The column that counts the trials of a state.
  static func count(of state: TrialState) -> StudyColumn {
    switch state {
    case .queued: .queued
    case .running: .running
    case .completed: .completed
    case .pruned: .pruned
    case .infeasible: .infeasible
    case .failed: .failed
    case .stopped: .stopped
    }
  }
}
