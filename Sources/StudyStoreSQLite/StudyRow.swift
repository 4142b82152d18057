import ExactText
import Foundation
import GRDB
import JSONText
import Studies
import StudyDefinitions

/// A study as its row has it.
struct StudyRow {
  var summary: StudySummary
  var definition: String?
  var resolved: String?
  /// How many bytes its texts have.
  var bytes: Int

  init(_ row: Row, withDefinition: Bool) throws {
    guard let id = UUID(uuidString: row["id"]), let state = StudyState(rawValue: row["state"]),
      let goal = Goal(rawValue: row["goal"])
    else { throw StoreError.failure("a study's row cannot be read") }
    summary = StudySummary(
      id: id, name: row["name"], state: state, dataset: row["dataset"], algorithm: row["algorithm"],
      metric: row["metric"], goal: goal, budget: Budget(trials: row["budget_trials"], seconds: row["budget_seconds"]),
      parallelism: row["parallelism"], createdAt: Date(milliseconds: row["created_at"]))
    summary.stateReason = row["state_reason"]
    summary.stopReason = try (row["stop_code"] as String?).map { word in
      guard let code = StopReason.Code(rawValue: word) else { throw StoreError.failure("a study's row cannot be read") }
      return StopReason(code: code, detail: row["stop_detail"] ?? "")
    }
    summary.maxRunning = row["max_running"]
    let labels: String = row["labels"]
    if labels != "{}" {
      summary.labels = [ExactText: ExactText](json: try SQLiteStudyStore.json(labels))
    }
    summary.notes = (row["notes"] as String?).map { ExactText($0) }
    summary.reproducible = Reproducibility(through: row["reproducible_through"], reason: row["reproducible_reason"])
    for state in TrialState.allCases { summary.counts[state] = row[state.rawValue] }
    summary.counts.reused = row["reused"]
    summary.elapsedSeconds = row["elapsed_seconds"]
    summary.elapsedAt = Date(milliseconds: row["elapsed_at"])
    summary.crashes = row["crashes"]
    summary.revision = row["revision"]
    summary.updatedAt = Date(milliseconds: row["updated_at"])
    summary.finishedAt = (row["finished_at"] as Int64?).map { Date(milliseconds: $0) }
    definition = withDefinition ? row["definition"] : nil
    resolved = withDefinition ? row["resolved"] : nil
    bytes =
      labels.utf8.count + (summary.notes?.string.utf8.count ?? 0) + (definition?.utf8.count ?? 0)
      + (resolved?.utf8.count ?? 0)
  }
}
