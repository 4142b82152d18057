import Analysis
import Foundation
import JSONText
import SearchAlgorithms
import SearchSpace
import Studies
import StudyDefinitions

extension JSONWriter {
  mutating func member(_ name: String, _ value: String?) {
    self.name(name)
    if let value { string(value) } else { null() }
  }

  mutating func member(_ name: String, _ value: Int?) {
    self.name(name)
    if let value { integer(value) } else { null() }
  }

  mutating func member(_ name: String, _ value: Double?) {
    self.name(name)
    if let value { number(value) } else { null() }
  }

  mutating func member(_ name: String, _ value: Date?) {
    member(name, value.map(Timestamp.text))
  }

  mutating func member(_ name: String, _ value: JSONValue) {
    self.name(name)
    self.value(value)
  }

  /// The values of a point, in the order of parameters.
  mutating func write(_ point: Point) {
    beginObject()
    for (name, value) in point.values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      self.name(name)
      switch value {
      case .integer(let value): integer(value)
      case .real(let value): number(value)
      case .boolean(let value): bool(value)
      case .string(let value): string(value)
      }
    }
    endObject()
  }

  /// Metrics in order of name.
  mutating func write(_ metrics: [String: Double]) {
    beginObject()
    for (name, value) in metrics.sorted(by: { $0.key < $1.key }) { member(name, value) }
    endObject()
  }

  /// The points of a learning curve.
  mutating func write(_ curve: [CurvePoint]) {
    beginArray()
    for point in curve {
      beginObject()
      member("step", point.step)
      name("metrics")
      write(point.metrics)
      endObject()
    }
    endArray()
  }
}

/// A study with what no row says.
struct StudyView {
  var study: Study
  var live: LiveStatus?
  var best: BestPointView?
  var warnings: [StudyWarning] = []
  /// A reading of the clock's `seconds`.
  var now: Double

  var elapsedSeconds: Double {
    let since = live?.runningSince.map { max(0, now - $0) } ?? 0
    return (((live?.elapsedBefore ?? study.elapsedSeconds) + since) * 1000).rounded() / 1000
  }

  /// How many trials there will be; nil where that is unbounded. A space that is used up or smaller than the budget bounds
  /// them, too.
  var total: Int? {
    if let code = study.stopReason?.code, code == .spaceExhausted || code == .converged {
      return study.counts.numbered
    }
    guard let trials = study.budget.trials else { return nil }
    return max(min(trials, study.resolved.space.gridSize ?? .max), study.counts.numbered)
  }

  /// Seconds left: what the trials need, but no more than the budget of seconds leaves.
  var etaSeconds: Double? {
    guard study.state == .running, let live else { return study.state.isFinished ? 0 : nil }
    let trials = TimeLeft.seconds(live, now: now)
    let clock = study.budget.seconds.map { max(0, $0 - elapsedSeconds) }
    return [trials, clock].compactMap { $0 }.min()
  }

  /// `isRow`: as a list has it, without what is long.
  func write(to writer: inout JSONWriter, isRow: Bool = false) {
    writer.beginObject()
    writer.member("name", study.name)
    writer.member("id", study.id.uuidString.lowercased())
    writer.member("state", study.state.rawValue)
    writer.member("state_reason", study.stateReason)
    writer.name("stop_reason")
    if let reason = study.stopReason {
      writer.beginObject()
      writer.member("code", reason.code.rawValue)
      writer.member("detail", reason.detail)
      writer.endObject()
    } else {
      writer.null()
    }
    if isRow {
      writer.member("algorithm", study.resolved.algorithm)
      writer.member("dataset", study.resolved.dataset)
      writer.member("objective", study.resolved.objectiveJSON)
    } else {
      writeDefinition(to: &writer)
    }
    writer.member("budget", study.budget.json)
    writer.member("parallelism", study.parallelism)
    writer.member("max_running", study.maxRunning)
    writer.name("reproducible")
    writer.beginObject()
    writer.member("through", study.reproducible.through)
    writer.member("reason", study.reproducible.reason)
    writer.endObject()
    writeProgress(to: &writer)
    writer.member("waiting_for", live?.waitingFor?.rawValue)
    writer.name("best")
    if let best { best.write(to: &writer) } else { writer.null() }
    writer.member("enqueued", 0)
    writer.name("warnings")
    writer.beginArray()
    for warning in warnings {
      writer.beginObject()
      writer.member("code", warning.code)
      writer.member("detail", warning.detail)
      writer.member("pointer", warning.pointer)
      writer.endObject()
    }
    writer.endArray()
    writer.name("labels")
    writer.beginObject()
    for (name, value) in study.labels.sorted(by: { $0.key < $1.key }) { writer.member(name.string, value.string) }
    writer.endObject()
    writer.member("notes", study.notes?.string)
    writer.member("revision", study.revision)
    writer.member("created_at", study.createdAt)
    writer.member("updated_at", study.updatedAt)
    writer.member("finished_at", study.finishedAt)
    writer.endObject()
  }

  private func writeDefinition(to writer: inout JSONWriter) {
    writer.member("definition", study.definition)
    writer.member("resolved", study.resolved.json)
    writer.name("edits")
    writer.beginArray()
    for edit in study.edits {
      writer.beginObject()
      writer.member("from_trial", edit.fromTrial)
      writer.member("at", edit.at)
      writer.member("changes", edit.changes)
      writer.endObject()
    }
    writer.endArray()
  }

  private func writeProgress(to writer: inout JSONWriter) {
    let counts = study.counts
    writer.name("progress")
    writer.beginObject()
    for state in TrialState.allCases { writer.member(state.rawValue, counts[state]) }
    writer.member("reused", counts.reused)
    writer.member("total", total)
    writer.member("elapsed_seconds", elapsedSeconds)
    writer.member("eta_seconds", etaSeconds)
    writer.endObject()
  }
}

/// A trial as a caller sees it.
struct TrialView {
  var trial: Trial
  var study: Study
  var live: LiveStatus?
  /// Only where one trial is asked for.
  var curve: [CurvePoint]?

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writeMembers(to: &writer)
    writer.endObject()
  }

  /// The members between the braces.
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("number", trial.number)
    writer.member("replicate", trial.replicate)
    writer.member("state", trial.state.rawValue)
    writer.name("parameters")
    writer.write(trial.point)
    writer.member("value", trial.value)
    writer.name("scores")
    writer.beginArray()
    for score in trial.scores { writer.number(score) }
    writer.endArray()
    writer.name("score_parts")
    writer.beginArray()
    for part in study.resolved.parts(ofScores: trial.scores.count) {
      writer.beginObject()
      writer.member("repeat", part.repetition)
      writer.member("fold", part.fold)
      writer.endObject()
    }
    writer.endArray()
    writer.name("metrics")
    writer.write(trial.metrics)
    if let curve {
      writer.name("curve")
      writer.write(curve)
    }
    writeOrigin(to: &writer)
    writer.member("horizon", trial.horizon)
    writer.member("attempt", trial.attempt)
    writer.member("worker", trial.worker)
    writer.member("waiting_for", waitingFor)
    writer.member("error", trial.error)
    writer.member("reused_from", trial.reusedFrom)
    writer.member("created_at", trial.createdAt)
    writer.member("started_at", trial.startedAt)
    writer.member("finished_at", trial.finishedAt)
    writer.member("duration_seconds", trial.durationSeconds)
    writer.member("compute_seconds", trial.computeSeconds)
  }

  /// Why a queued trial waits.
  private var waitingFor: String? {
    guard trial.state == .queued else { return nil }
    return (study.state == .paused ? .paused : live?.waitingFor ?? .workers).rawValue
  }

  private func writeOrigin(to writer: inout JSONWriter) {
    let origin = trial.origin
    writer.name("origin")
    writer.beginObject()
    writer.member("kind", origin.kind)
    for fact in origin.facts { writer.member(fact.name, fact.value.json) }
    writer.endObject()
  }
}
