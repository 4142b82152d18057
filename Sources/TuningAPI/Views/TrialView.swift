import Foundation
import JSONText
import SearchAlgorithms
import Studies
import StudyDefinitions

/// A trial as a caller sees it.
struct TrialView {
  var trial: Trial
  var study: Study
  var live: LiveStatus?
  /// The lease that it was just handed out under; where there is none, what is stored of its lease is shown.
  var lease: Lease?
  /// Only where one trial is asked for.
  var curve: [CurvePoint]?

  func write(to writer: inout JSONWriter) { writer.object { writeMembers(to: &$0) } }

  /// The members without the braces around them.
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("number", trial.number)
    writer.member("replicate", trial.replicate)
    writer.member("state", trial.state.rawValue)
    writer.name("parameters")
    writer.write(trial.point)
    writer.member("value", trial.value)
    writer.member("pruned_value", trial.prunedValue)
    writer.member("pruned_at_step", trial.prunedAtStep)
    writer.array("scores", of: trial.scores) { $1.number($0) }
    writer.array("score_parts", of: study.resolved.parts(ofScores: trial.scores.count)) { part, writer in
      writer.object { writer in
        writer.member("repeat", part.repetition)
        writer.member("fold", part.fold)
      }
    }
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
    writer.member("lease_expires_at", lease?.expiresAt ?? trial.leaseExpiresAt)
    writer.member("last_heartbeat_at", lease?.heartbeatAt ?? trial.lastHeartbeatAt)
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
    writer.object("origin") { writer in
      writer.member("kind", trial.origin.kind)
      for fact in trial.origin.facts { writer.member(fact.name, fact.value.json) }
    }
  }
}
