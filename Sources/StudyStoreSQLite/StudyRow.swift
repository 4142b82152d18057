import ExactText
import Foundation
import GRDB
import JSONText
import Studies
import StudyDefinitions

/// A study as its row has it, without its definition.
struct StudyRow {
  /// All columns of a study, then its labels and notes.
  static let selection =
    "SELECT \(StudyColumn.all.names), labels, notes FROM studies JOIN study_texts ON study = key WHERE key = ?"
  private static let labels = StudyColumn.all.count
  private static let notes = StudyColumn.all.count + 1

  var summary: StudySummary
  /// How many bytes its texts have.
  var bytes: Int

  /// Reads a row that `selection` gave.
  init(_ row: Row) throws {
    guard let id = UUID(uuidString: row[StudyColumn.id]), let state = StudyState(rawValue: row[StudyColumn.state]),
      let goal = Goal(rawValue: row[StudyColumn.goal])
    else { throw StoreError.failure("a study's row cannot be read") }
    summary = StudySummary(
      id: id, name: row[StudyColumn.name], state: state, dataset: row[StudyColumn.dataset],
      algorithm: row[StudyColumn.algorithm], metric: row[StudyColumn.metric], goal: goal,
      budget: Budget(
        trials: row[StudyColumn.budgetTrials], seconds: row[StudyColumn.budgetSeconds],
        stallTrials: row[StudyColumn.budgetStallTrials], trialSeconds: row[StudyColumn.budgetTrialSeconds]),
      parallelism: row[StudyColumn.parallelism], createdAt: Date(milliseconds: row[StudyColumn.createdAt]))
    summary.stateReason = row[StudyColumn.stateReason]
    summary.stopReason = try (row[StudyColumn.stopCode] as String?).map { word in
      guard let code = StopReason.Code(rawValue: word) else { throw StoreError.failure("a study's row cannot be read") }
      return StopReason(code: code, detail: row[StudyColumn.stopDetail] ?? "")
    }
    summary.comparison = (row[StudyColumn.comparison] as String?).flatMap(UUID.init).map {
      ComparisonPlace(comparison: $0, place: row[StudyColumn.comparisonPlace] ?? 0)
    }
    summary.maxRunning = row[StudyColumn.maxRunning]
    let labels: String = row[Self.labels]
    if labels != "{}" {
      summary.labels = [ExactText: ExactText](json: try JSONCoding.json(labels))
    }
    summary.notes = (row[Self.notes] as String?).map { ExactText($0) }
    summary.reproducible = Reproducibility(
      through: row[StudyColumn.reproducibleThrough], reason: row[StudyColumn.reproducibleReason])
    for state in TrialState.allCases { summary.counts[state] = row[StudyColumn.count(of: state)] }
    summary.counts.reused = row[StudyColumn.reused]
    summary.enqueued = row[StudyColumn.enqueued]
    summary.elapsedSeconds = row[StudyColumn.elapsedSeconds]
    summary.elapsedAt = Date(milliseconds: row[StudyColumn.elapsedAt])
    summary.crashes = row[StudyColumn.crashes]
    summary.revision = row[StudyColumn.revision]
    summary.updatedAt = Date(milliseconds: row[StudyColumn.updatedAt])
    summary.finishedAt = (row[StudyColumn.finishedAt] as Int64?).map { Date(milliseconds: $0) }
    bytes = labels.utf8.count + (summary.notes?.string.utf8.count ?? 0)
  }
}
