import Foundation
import GRDB
import JSONText
import SearchAlgorithms
import SearchSpace
import Studies
import StudyDefinitions

/// Turns changes into statements.
struct ChangeWriter: Sendable {
  /// How many journal entries are kept; older ones go in batches.
  let journalLength: Int
  /// How many evaluations the record keeps; the oldest go in batches.
  var evaluationsKept = 200_000
  /// How many bytes of output all trials keep together.
  let logSpace: Int
  /// After how many evaluations the oldest go: a batch is a part of one commit.
  private static let evaluationBatch: Int64 = 100

  /// Applies changes in order; gives the journal position after them.
  func apply(_ changes: [StoreChange], to database: Database) throws -> Int {
    for change in changes { try apply(change, to: database) }
    let position =
      try Int.fetchOne(
        database.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'journal'")) ?? 0
    // Each change writes one entry at most. Where more have come together than that, they go over the next commits.
    if position / 1000 != (position - changes.count) / 1000 {
      try run(
        "DELETE FROM journal WHERE position <= ?1 AND position < (SELECT min(position) FROM journal) + ?2",
        [position - journalLength, 2 * (1000 + changes.count)], database)
    }
    return position
  }

  private func apply(_ change: StoreChange, to database: Database) throws {
    switch change {
    case .insertStudy(let study): try insert(study, database)
    case .updateStudy(let study): try update(study, database)
    case .deleteStudy(let id, let name):
      // One that is gone already was told of.
      if try hide(id, database) { try journal("deleted", study: id, name: name, number: nil, database) }
    case .insertComparison(let comparison): try ComparisonWriter(database: database).insert(comparison)
    case .deleteComparison(let id): try run("DELETE FROM comparisons WHERE id = ?", [id.uuidString], database)
    case .insertTrial(let trial, let lease):
      try insert(trial, database)
      try set(lease, of: trial.number, in: trial.study, database)
      try journal(trial, database)
    case .updateTrial(let trial, let lease):
      try update(trial, database)
      try set(lease, of: trial.number, in: trial.study, database)
      try journal(trial, database)
    case .renewLease(let lease, let study, let number): try set(lease, of: number, in: study, database)
    case .report(let study, let number, let point):
      try run(
        """
        INSERT OR REPLACE INTO reports (study, number, step, metrics) \
        VALUES ((SELECT key FROM studies WHERE id = ?), ?, ?, ?)
        """,
        [study.uuidString, number, point.step, JSONCoding.text(point.metrics)], database)
    case .forgetReports(let study, let number):
      try run(
        "DELETE FROM reports WHERE study = (SELECT key FROM studies WHERE id = ?) AND number = ?",
        [study.uuidString, number], database)
    case .log(let piece): try LogWriter(database: database, space: logSpace).write(piece)
    case .metricName(let name, let study):
      try run(
        "INSERT OR IGNORE INTO study_metrics (study, name) VALUES ((SELECT key FROM studies WHERE id = ?), ?)",
        [study.uuidString, name], database)
    case .curve(let study, let number, let curve):
      let coded = CurveCoding.encode(curve)
      try run(
        "INSERT OR REPLACE INTO measurements VALUES ((SELECT key FROM studies WHERE id = ?), ?, ?, ?)",
        [study.uuidString, number, coded.names, coded.points], database)
    case .score(let trial, let tieBreak): try score(trial, tieBreak, database)
    case .stillIn(let study, let points): try mark(points, of: study, database)
    case .evaluation(let evaluation): try insert(evaluation, database)
    }
  }

  // MARK: The record

  private func insert(_ evaluation: RecordedEvaluation, _ database: Database) throws {
    let (diverged, curve): (Int?, LearningCurve) =
      switch evaluation.outcome {
      case .finished(let curve): (nil, curve)
      case .diverged(let iteration): (iteration, LearningCurve(names: []))
      }
    let coded = CurveCoding.encode(curve)
    let folds = FoldCoding.encode(evaluation.folds)
    try run(
      "INSERT OR IGNORE INTO evaluations (\(EvaluationColumn.all.names)) VALUES (\(EvaluationColumn.all.marks))",
      EvaluationColumn.all.map { column in
        switch column {
        case .key: Data(evaluation.key.bytes)
        case .divergedAt: diverged
        case .names: coded.names
        case .points: coded.points
        case .study: evaluation.study.uuidString
        case .origin: evaluation.origin
        case .computeSeconds: evaluation.computeSeconds
        case .createdAt: Date().milliseconds
        case .folds: folds
        }
      }, database)
    // An ignored duplicate leaves `lastInsertedRowID` of an earlier insert, possibly into another table.
    guard database.changesCount > 0 else {
      // The same training, recorded before its folds were.
      if let folds {
        try run(
          "UPDATE evaluations SET folds = ? WHERE key = ? AND folds IS NULL", [folds, Data(evaluation.key.bytes)],
          database)
      }
      return
    }
    let place = database.lastInsertedRowID
    if place % Self.evaluationBatch == 0 {
      try run(
        "DELETE FROM evaluations WHERE place <= ?1 AND place < (SELECT min(place) FROM evaluations) + ?2",
        [place - Int64(evaluationsKept), 2 * Self.evaluationBatch], database)
    }
  }

  // MARK: Studies

  private func insert(_ study: Study, _ database: Database) throws {
    let taken = try Bool.fetchOne(
      database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM studies WHERE name = ?)"), arguments: [study.name])
    if taken == true { throw StoreError.nameTaken(study.name) }
    try run(StudyColumn.insertion, StudyColumn.all.map { $0.value(of: study) }, database)
    let key = database.lastInsertedRowID
    try run(
      "INSERT INTO study_texts (study, definition, resolved, labels, notes) VALUES (?, ?, ?, ?, ?)",
      [key, study.definition.text, study.resolved.json.text, study.labels.json.canonicalText, study.notes?.string],
      database
    )
    try insertLabels(study, key: key, database)
    try journal("study", study: study.id, name: study.name, number: nil, database)
  }

  private func insertLabels(_ study: Study, key: Int64, _ database: Database) throws {
    for (name, value) in study.labels {
      try run(
        "INSERT INTO study_labels (study, name, value, created_at, id) VALUES (?, ?, ?, ?, ?)",
        [key, name.string, value.string, study.createdAt.milliseconds, study.id.uuidString], database)
    }
  }

  private func update(_ study: Study, _ database: Database) throws {
    try run(
      StudyColumn.update, StudyColumn.changing.map { $0.value(of: study) } + [study.id.uuidString], database)
    guard let key = try key(of: study.id, database) else { throw StoreError.failure("there is no study \(study.name)") }
    try run(
      "UPDATE study_texts SET labels = ?2, notes = ?3 WHERE study = ?1 AND (labels <> ?2 OR notes IS NOT ?3)",
      [key, study.labels.json.canonicalText, study.notes?.string], database)
    if database.changesCount > 0 {
      try run("DELETE FROM study_labels WHERE study = ?", [key], database)
      try insertLabels(study, key: key, database)
    }
    if let last = study.edits.indices.last { try insert(study.edits, through: last, key: key, database) }
    try journal("study", study: study.id, name: study.name, number: nil, database)
  }

  /// Adds the edits that are not stored yet; what is stored never changes.
  private func insert(_ edits: [StudyEdit], through last: Int, key: Int64, _ database: Database) throws {
    let stored = try Int.fetchOne(
      database.cachedStatement(sql: "SELECT max(place) FROM edits WHERE study = ?"), arguments: [key])
    for place in stride(from: (stored ?? -1) + 1, through: last, by: 1) {
      let edit = edits[place]
      try run(
        "INSERT INTO edits (study, place, from_trial, at, changes) VALUES (?, ?, ?, ?, ?)",
        [key, place, edit.fromTrial, edit.at.milliseconds, edit.changes.text], database)
    }
  }

  /// Takes a study out of sight, if it is there: nobody asks for the id and the name that it has from now on. `Purge` does the rest.
  private func hide(_ id: UUID, _ database: Database) throws -> Bool {
    guard let key = try key(of: id, database) else { return false }
    try run("DELETE FROM study_labels WHERE study = ?", [key], database)
    try run("DELETE FROM study_texts WHERE study = ?", [key], database)
    try run(
      "UPDATE studies SET gone = 1, id = 'gone' || substr(id, 5), name = 'gone ' || id WHERE key = ?", [key], database)
    return true
  }

  private func key(of study: UUID, _ database: Database) throws -> Int64? {
    try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT key FROM studies WHERE id = ?"), arguments: [study.uuidString])
  }

  // MARK: Trials

  private func insert(_ trial: Trial, _ database: Database) throws {
    try run(
      TrialColumn.insertion, [trial.study.uuidString] + TrialColumn.all.map { $0.value(of: trial) }, database)
  }

  private func update(_ trial: Trial, _ database: Database) throws {
    try run(
      TrialColumn.update,
      TrialColumn.changing.map { $0.value(of: trial) } + [trial.study.uuidString, trial.number], database)
  }

  private func set(_ lease: Lease?, of number: Int, in study: UUID, _ database: Database) throws {
    if let lease {
      try run(
        """
        INSERT OR REPLACE INTO leases (study, number, id, worker, expires_at, seconds, heartbeat_at) \
        VALUES ((SELECT key FROM studies WHERE id = ?), ?, ?, ?, ?, ?, ?)
        """,
        [
          study.uuidString, number, lease.id.uuidString, lease.worker, lease.expiresAt?.milliseconds, lease.seconds,
          lease.heartbeatAt?.milliseconds,
        ], database)
    } else {
      try run(
        "DELETE FROM leases WHERE study = (SELECT key FROM studies WHERE id = ?) AND number = ?",
        [study.uuidString, number], database)
    }
  }

  /// Merges a trial's scores into its point (Chan, Golub and LeVeque 1983, doi:10.2307/2683386).
  ///
  /// `loss` is what decides between equal means: the validation loss, unless the study says otherwise.
  private func score(_ trial: Trial, _ loss: Double?, _ database: Database) throws {
    let count = Double(trial.scores.count)
    // Of folds in repeats it is a mean of means, whose last bit the mean of all need not have.
    let mean = trial.value ?? trial.scores.mean
    let squares = trial.scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    try run(
      """
      INSERT INTO points (study, parameters, n, mean, m2, loss_n, loss, first_trial) \
      VALUES ((SELECT key FROM studies WHERE id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT (study, parameters) DO UPDATE SET
        m2 = m2 + ?5 + (?4 - mean) * (?4 - mean) * n * ?3 / (n + ?3),
        mean = mean + (?4 - mean) * ?3 / (n + ?3),
        n = n + ?3,
        loss = CASE WHEN ?6 = 0 THEN loss WHEN loss_n = 0 THEN ?7 ELSE loss + (?7 - loss) * ?6 / (loss_n + ?6) END,
        loss_n = loss_n + ?6,
        first_trial = min(first_trial, ?8)
      """,
      [
        trial.study.uuidString, trial.point.key, Int(count), mean, squares, loss == nil ? 0 : 1, loss, trial.number,
      ], database)
    guard trial.replicate > 0 else { return }
    try run(
      """
      UPDATE points SET
        confirm_m2 = confirm_m2 + ?5 + (?4 - confirm_mean) * (?4 - confirm_mean) * confirm_n * ?3 / (confirm_n + ?3),
        confirm_mean = confirm_mean + (?4 - confirm_mean) * ?3 / (confirm_n + ?3),
        confirm_n = confirm_n + ?3
      WHERE study = (SELECT key FROM studies WHERE id = ?1) AND parameters = ?2
      """, [trial.study.uuidString, trial.point.key, Int(count), mean, squares], database)
  }

  /// Marks the points that are left after a round of new runs, and no others. Cost: those that were and those that are.
  private func mark(_ points: [Point], of study: UUID, _ database: Database) throws {
    guard let key = try key(of: study, database) else { return }
    let marked = try String.fetchSet(
      database.cachedStatement(sql: "SELECT parameters FROM points WHERE study = ? AND still_in = 1"), arguments: [key])
    let left = Set(points.map(\.key))
    for (texts, mark) in [(marked.subtracting(left), 0), (left.subtracting(marked), 1)] {
      for text in texts {
        try run("UPDATE points SET still_in = ? WHERE study = ? AND parameters = ?", [mark, key, text], database)
      }
    }
  }

  // MARK: Journal

  private func journal(_ trial: Trial, _ database: Database) throws {
    try run(
      "INSERT INTO journal (kind, study, name, number, at) SELECT 'trial', ?1, name, ?2, ?3 FROM studies WHERE id = ?1",
      [trial.study.uuidString, trial.number, Date().milliseconds], database)
  }

  private func journal(_ kind: String, study: UUID, name: String, number: Int?, _ database: Database) throws {
    try run(
      "INSERT INTO journal (kind, study, name, number, at) VALUES (?, ?, ?, ?, ?)",
      [kind, study.uuidString, name, number, Date().milliseconds], database)
  }

  private func run(_ sql: String, _ values: [(any DatabaseValueConvertible)?], _ database: Database) throws {
    try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
  }
}
