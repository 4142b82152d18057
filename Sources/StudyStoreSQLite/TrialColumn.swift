import Foundation
import GRDB
import JSONText
import SearchAlgorithms
import SearchSpace
import Studies

/// The columns of `trials`, without the study that they begin with.
enum TrialColumn: Int, TableColumn {
  // What never changes.
  case number, replicate, parameters, origin, horizon, algorithmVersion, createdAt
  // What does.
  case state, value, scores, metrics, attempt, failures, crashes, worker, error, failureClass, reusedFrom, startedAt,
    finishedAt, computeSeconds

  static let all = Array(allCases)
  /// What an update writes.
  static let changing = Array(allCases.drop { $0 != .state })

  static let insertion =
    "INSERT INTO trials (study, \(all.names)) VALUES ((SELECT key FROM studies WHERE id = ?), \(all.marks))"
  static let update =
    "UPDATE trials SET \(changing.assignments) WHERE study = (SELECT key FROM studies WHERE id = ?) AND number = ?"
  static let selection = "SELECT \(all.names) FROM trials WHERE study = ?"

  /// What the column holds of a trial.
  func value(of trial: Trial) -> (any DatabaseValueConvertible)? {
    switch self {
    case .number: trial.number
    case .replicate: trial.replicate
    case .parameters: trial.point.key
    case .origin: trial.origin.json.text
    case .horizon: trial.horizon
    case .algorithmVersion: trial.algorithmVersion
    case .createdAt: trial.createdAt.milliseconds
    case .state: trial.state.rawValue
    case .value: trial.value
    case .scores: JSONValue.array(trial.scores.map { .number($0) }).text
    case .metrics:
      JSONValue.object(JSONObject(trial.metrics.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })).text
    case .attempt: trial.attempt
    case .failures: trial.failures
    case .crashes: trial.crashes
    case .worker: trial.worker
    case .error: trial.error
    case .failureClass: trial.failureClass?.rawValue
    case .reusedFrom: trial.reusedFrom
    case .startedAt: trial.startedAt?.milliseconds
    case .finishedAt: trial.finishedAt?.milliseconds
    case .computeSeconds: trial.computeSeconds
    }
  }
}

extension Trial {
  /// The trial of a row that `TrialColumn.selection` gave.
  init(_ row: Row, study: UUID, space: ParameterSpace) throws {
    guard let state = TrialState(rawValue: row[TrialColumn.state]) else {
      throw StoreError.failure("a trial's row cannot be read")
    }
    let suggestion = Suggestion(
      point: try JSONCoding.point(row[TrialColumn.parameters], space), replicate: row[TrialColumn.replicate],
      horizon: row[TrialColumn.horizon], origin: Origin(json: try JSONCoding.json(row[TrialColumn.origin])))
    self.init(
      study: study, number: row[TrialColumn.number], suggestion: suggestion,
      algorithmVersion: row[TrialColumn.algorithmVersion], worker: "",
      at: Date(milliseconds: row[TrialColumn.createdAt]))
    self.state = state
    value = row[TrialColumn.value]
    let scores: String = row[TrialColumn.scores]
    if scores != "[]" { self.scores = try JSONCoding.json(scores).arrayValue?.compactMap(\.numberValue) ?? [] }
    let metrics: String = row[TrialColumn.metrics]
    if metrics != "{}" {
      for member in try JSONCoding.json(metrics).objectValue?.members ?? [] {
        self.metrics[member.name] = member.value.numberValue
      }
    }
    attempt = row[TrialColumn.attempt]
    failures = row[TrialColumn.failures]
    crashes = row[TrialColumn.crashes]
    worker = row[TrialColumn.worker]
    error = row[TrialColumn.error]
    failureClass = (row[TrialColumn.failureClass] as String?).flatMap(FailureClass.init)
    reusedFrom = row[TrialColumn.reusedFrom]
    startedAt = (row[TrialColumn.startedAt] as Int64?).map { Date(milliseconds: $0) }
    finishedAt = (row[TrialColumn.finishedAt] as Int64?).map { Date(milliseconds: $0) }
    computeSeconds = row[TrialColumn.computeSeconds]
  }
}
