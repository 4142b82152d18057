import Foundation
import JSONText
import Studies
import StudyDefinitions

extension TrialRows {
  /// Adds a trial as a database would store it.
  mutating func add(_ trial: Trial) {
    let origin = JSONObject(
      [("kind", .string(trial.origin.kind))] + trial.origin.facts.map { ($0.name, $0.value.json) })
    let metrics = trial.metrics.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.number($0.value)) }
    func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }
    rows.append(
      Row(
        number: trial.number, state: add(trial.state.rawValue.utf8), parameters: add(trial.point.key.utf8),
        value: trial.value, scores: add(JSONValue.array(trial.scores.map { .number($0) }).text.utf8),
        metrics: add(JSONValue.object(JSONObject(metrics)).text.utf8), origin: add(JSONValue.object(origin).text.utf8),
        error: trial.error.map { add($0.utf8) }, computeSeconds: trial.computeSeconds,
        createdAt: milliseconds(trial.createdAt), startedAt: trial.startedAt.map(milliseconds),
        finishedAt: trial.finishedAt.map(milliseconds)))
  }
}
