import Analysis
import Foundation
import JSONText
import Studies
import StudyDefinitions

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
    guard study.state == .running, var live else { return study.state.isFinished ? 0 : nil }
    // As many callers as have a trial now share what is left.
    if study.resolved.isExternal { live.workers = Double(study.counts.running) }
    let trials = TimeLeft.seconds(live, now: now)
    let clock = study.budget.seconds.map { max(0, $0 - elapsedSeconds) }
    return [trials, clock].compactMap { $0 }.min()
  }

  /// `isRow`: as a list has it, without what is long.
  func write(to writer: inout JSONWriter, isRow: Bool = false) {
    writer.object { writer in
      writeState(to: &writer)
      if isRow {
        writer.member("algorithm", study.resolved.algorithm)
        writer.member("dataset", study.resolved.isExternal ? nil : study.resolved.dataset)
        writer.member("objective", study.resolved.objectiveJSON)
      } else {
        writeDefinition(to: &writer)
      }
      writer.member("budget", study.budget.json)
      writer.member("parallelism", study.parallelism)
      writer.member("max_running", study.maxRunning)
      writer.object("reproducible") { writer in
        writer.member("through", study.reproducible.through)
        writer.member("reason", study.reproducible.reason)
      }
      writeProgress(to: &writer)
      writer.member("waiting_for", live?.waitingFor?.rawValue)
      writeResult(to: &writer)
      writer.object("labels") { writer in
        for (name, value) in study.labels.sorted(by: { $0.key < $1.key }) {
          writer.member(name.string, value.string)
        }
      }
      writer.member("notes", study.notes?.string)
      writer.member("revision", study.revision)
      writer.member("created_at", study.createdAt)
      writer.member("updated_at", study.updatedAt)
      writer.member("finished_at", study.finishedAt)
    }
  }

  private func writeState(to writer: inout JSONWriter) {
    writer.member("name", study.name)
    writer.member("id", study.id.uuidString.lowercased())
    writer.member("state", study.state.rawValue)
    writer.member("state_reason", study.stateReason)
    guard let reason = study.stopReason else { return writer.member("stop_reason", .null) }
    writer.object("stop_reason") { writer in
      writer.member("code", reason.code.rawValue)
      writer.member("detail", reason.detail)
    }
  }

  private func writeDefinition(to writer: inout JSONWriter) {
    writer.member("definition", study.definition)
    writer.member("resolved", study.resolved.json)
    writer.array("edits", of: study.edits) { edit, writer in
      writer.object { writer in
        writer.member("from_trial", edit.fromTrial)
        writer.member("at", edit.at)
        writer.member("changes", edit.changes)
      }
    }
  }

  private func writeProgress(to writer: inout JSONWriter) {
    let counts = study.counts
    writer.object("progress") { writer in
      for state in TrialState.allCases { writer.member(state.rawValue, counts[state]) }
      writer.member("reused", counts.reused)
      writer.member("total", total)
      writer.member("elapsed_seconds", elapsedSeconds)
      writer.member("eta_seconds", etaSeconds)
    }
  }

  private func writeResult(to writer: inout JSONWriter) {
    writer.name("best")
    if let best { best.write(to: &writer) } else { writer.null() }
    writer.member("enqueued", study.enqueued)
    writer.array("warnings", of: warnings) { warning, writer in
      writer.object { writer in
        writer.member("code", warning.code)
        writer.member("detail", warning.detail)
        writer.member("pointer", warning.pointer)
      }
    }
  }
}
