import Foundation
import JSONText
import StudyDefinitions

/// What a person does to a trial: each is an edit.
extension StudyLedger {
  /// Puts a failed trial in line again, under its number; gives it. An outcome that the search was shown stays shown.
  mutating func retry(_ failed: Trial, moment: Moment) throws(StudyError) -> Trial {
    try check(nil)
    defer { settle(at: moment) }
    guard !study.state.isFinished else {
      throw .conflict(
        "Study \(study.name) is \(study.state.rawValue); only while it is running or paused is a trial of it tried again."
      )
    }
    var trial = failed
    trial.failures = 0
    trial.expiredLeases = 0
    trial.error = nil
    trial.failureClass = nil
    failures.reopen(trial.number)
    retried.insert(trial.number)
    requeue(trial)
    endPromise(before: trial.number, "trial \(trial.number) was put in line again by hand")
    note("retried", trial.number, at: moment)
    return queued[trial.number] ?? trial
  }

  /// Takes a running trial from its caller, and puts it in line again; nil where it does not run.
  mutating func takeBack(_ number: Int, moment: Moment) throws(StudyError) -> Trial? {
    try checkCallers()
    try check(number)
    defer { settle(at: moment) }
    guard let entry = running[number] else { return nil }
    cancellations.append(entry.cancellation)
    requeue(entry.trial)
    note("requeued", number, at: moment)
    return queued[number] ?? entry.trial
  }

  /// Ends a trial without an outcome as failed; nil where it has one.
  mutating func fail(_ number: Int, _ reason: String, moment: Moment) throws(StudyError) -> Trial? {
    try checkCallers()
    try check(number)
    defer { settle(at: moment) }
    guard var trial = running[number]?.trial ?? queued[number] ?? stopped[number] else { return nil }
    if let entry = running[number] { cancellations.append(entry.cancellation) }
    fail(&trial, reason, .error, since: running[number]?.since ?? moment.seconds, at: moment)
    endPromise(before: number, "trial \(number) was marked as failed by hand")
    note("failed", number, at: moment)
    return trial
  }

  private mutating func note(_ what: String, _ number: Int, at moment: Moment) {
    let changes: JSONValue = .object(JSONObject([(what, ["trial": .number(Double(number))])]))
    study.edits.append(StudyEdit(fromTrial: search.highest + 1, at: date(moment), changes: changes))
    studyChanged = true
  }
}

extension StudyEdit {
  /// The trial that the edit put in line again.
  var retried: Int? { changes["retried"]?["trial"]?.integerValue }
}
