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
  case state, value, prunedValue, prunedAtStep, scores, metrics, attempt, failures, expiredLeases, crashes, worker,
    error, failureClass, reusedFrom, startedAt, finishedAt, computeSeconds, sharedSeconds

  static let all = Array(allCases)
  /// What an update writes.
  static let changing = Array(allCases.drop { $0 != .state })

  static let insertion =
    "INSERT INTO trials (study, \(all.names)) VALUES ((SELECT key FROM studies WHERE id = ?), \(all.marks))"
  static let update =
    "UPDATE trials SET \(changing.assignments) WHERE study = (SELECT key FROM studies WHERE id = ?) AND number = ?"
  /// All columns, then when the lease of a trial runs out and when its holder was last heard of.
  static let selection =
    """
    SELECT \(all.names), \(ofLease("expires_at")), \(ofLease("heartbeat_at")) FROM trials WHERE study = ?
    """
  fileprivate static let expiry = all.count
  fileprivate static let heartbeat = all.count + 1

  private static func ofLease(_ column: String) -> String {
    """
    CASE WHEN state = 'running' THEN (SELECT \(column) FROM leases \
    WHERE leases.study = trials.study AND leases.number = trials.number) END
    """
  }

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
    case .prunedValue: trial.prunedValue
    case .prunedAtStep: trial.prunedAtStep
    case .scores: JSONValue.array(trial.scores.map { .number($0) }).text
    case .metrics: JSONCoding.text(trial.metrics)
    case .attempt: trial.attempt
    case .failures: trial.failures
    case .expiredLeases: trial.expiredLeases
    case .crashes: trial.crashes
    case .worker: trial.worker
    case .error: trial.error
    case .failureClass: trial.failureClass?.rawValue
    case .reusedFrom: trial.reusedFrom
    case .startedAt: trial.startedAt?.milliseconds
    case .finishedAt: trial.finishedAt?.milliseconds
    case .computeSeconds: trial.computeSeconds
    case .sharedSeconds: trial.sharedSeconds
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
    prunedValue = row[TrialColumn.prunedValue]
    prunedAtStep = row[TrialColumn.prunedAtStep]
    let scores: String = row[TrialColumn.scores]
    if scores != "[]" { self.scores = try JSONCoding.json(scores).arrayValue?.compactMap(\.numberValue) ?? [] }
    metrics = try JSONCoding.metrics(row[TrialColumn.metrics])
    attempt = row[TrialColumn.attempt]
    failures = row[TrialColumn.failures]
    expiredLeases = row[TrialColumn.expiredLeases]
    crashes = row[TrialColumn.crashes]
    worker = row[TrialColumn.worker]
    error = row[TrialColumn.error]
    failureClass = (row[TrialColumn.failureClass] as String?).flatMap(FailureClass.init)
    reusedFrom = row[TrialColumn.reusedFrom]
    startedAt = (row[TrialColumn.startedAt] as Int64?).map { Date(milliseconds: $0) }
    finishedAt = (row[TrialColumn.finishedAt] as Int64?).map { Date(milliseconds: $0) }
    computeSeconds = row[TrialColumn.computeSeconds]
    sharedSeconds = row[TrialColumn.sharedSeconds]
    leaseExpiresAt = (row[TrialColumn.expiry] as Int64?).map { Date(milliseconds: $0) }
    lastHeartbeatAt = (row[TrialColumn.heartbeat] as Int64?).map { Date(milliseconds: $0) }
  }
}
