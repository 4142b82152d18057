import Foundation
import JSONText
import SearchAlgorithms
import StudyDefinitions

/// Pause, resume, stop, delete, and the end of a study.
///
/// Each gives the study as it will be stored. `revision`: what `If-Match` asked for, else nil.
extension StudyLedger {
  /// Running trials finish, none is handed out.
  mutating func pause(revision: Int?, at moment: Moment) throws(StudyError) -> Study {
    defer { settle(at: moment) }
    try check(revision)
    switch study.state {
    case .paused: break
    case .running: enter(.paused, reason: nil, at: moment)
    case .completed, .stopped, .failed: throw conflict("paused")
    }
    return asStored
  }

  /// Goes on with a paused study.
  mutating func resume(revision: Int?, at moment: Moment) throws(StudyError) -> Study {
    try check(revision)
    switch study.state {
    case .running: break
    case .paused:
      forgiveCrashes()
      enter(.running, reason: nil, at: moment)
    case .completed, .stopped, .failed: throw conflict("resumed")
    }
    settle(at: moment)
    return asStored
  }

  /// Ends the study by request.
  mutating func stop(revision: Int?, at moment: Moment) throws(StudyError) -> Study {
    defer { settle(at: moment) }
    try check(revision)
    switch study.state {
    case .stopped: break
    case .running, .paused: end(.stopped, .stopped, "Stopped by request.", at: moment)
    case .completed, .failed: throw conflict("stopped")
    }
    return asStored
  }

  /// Removes the study with all that it has; gives the leases that end with it.
  mutating func delete(revision: Int?) throws(StudyError) -> [UUID] {
    try check(revision)
    let leases = running.values.map(\.lease).filter(\.outlivesProcess).map(\.id)
    cancellations += running.values.map(\.cancellation)
    running = [:]
    queued = [:]
    isDeleted = true
    studyChanged = false
    changes = [.deleteStudy(id: study.id, name: study.name)]
    return leases
  }

  /// Records that what the study shows has changed, though nothing of its row has.
  mutating func touch() { studyChanged = studyChanged || !isDeleted }

  /// The service stops: nothing is handed out any more, and what runs in it goes back in line.
  mutating func shutDown() {
    isClosed = true
    for entry in running.values.sorted(by: { $0.trial.number < $1.trial.number }) where !entry.lease.outlivesProcess {
      cancellations.append(entry.cancellation)
      requeue(entry.trial)
    }
  }

  /// Ends the study if its time has come, and finds out what comes next; follows every event.
  mutating func settle(at moment: Moment) {
    guard knowsTrials, !isDeleted else { return }
    expireLeases(at: moment)
    let proposal = search.proposal()
    noteLeaders()
    if let number = reachedTarget, !study.state.isFinished, !search.isConfirming {
      return end(.completed, .target, "Trial \(number) has reached the target.", at: moment)
    }
    guard study.state == .running else { return }
    let failureLimit = study.resolved.failureLimit
    if failures.longest >= failureLimit {
      return end(.failed, .failureLimit, "\(failureLimit) trials in a row failed.", at: moment)
    }
    if let limit = study.budget.stallTrials, let stall, stall.count >= limit, !search.isConfirming {
      return end(.completed, .stalled, "\(stall.count) trials in a row did not better the best.", at: moment)
    }
    if isOutOfTime(at: moment), let limit = study.budget.seconds {
      let text = JSONNumber.text(limit)
      return end(.completed, .budgetSeconds, "The budget of \(text) seconds is used up.", at: moment)
    }
    guard running.isEmpty, queued.isEmpty else { return }
    if case .exhausted(let reason) = proposal {
      end(.completed, reason.code, search.confirm?.conclusion ?? reason.sentence, at: moment)
    } else if let limit = study.budget.trials, search.highest >= limit {
      let sentences = ["The budget of \(limit) trials is used up.", search.confirm?.conclusion]
      end(.completed, .budgetTrials, sentences.compactMap { $0 }.joined(separator: " "), at: moment)
    }
  }

  /// Whether the seconds of the budget are used up.
  func isOutOfTime(at moment: Moment) -> Bool {
    guard let limit = study.budget.seconds else { return false }
    let since = runningSince.map { moment.seconds - $0 } ?? 0
    return study.elapsedSeconds + since >= limit
  }

  /// When the seconds of the budget will be used up, by the clock's `seconds`; nil while it does not run or has no such
  /// budget.
  var deadline: Double? {
    guard let limit = study.budget.seconds, let runningSince else { return nil }
    return runningSince + limit - study.elapsedSeconds
  }

  /// When something happens though nobody asks for anything, by the clock's `seconds`: the budget is used up, or a lease runs
  /// out.
  func wakeTime(at moment: Moment) -> Double? {
    ([deadline].compactMap { $0 } + running.values.compactMap(\.expires)).min()
  }

  /// Changes the state; the clock of `elapsed_seconds` runs in `running` alone.
  mutating func enter(_ state: StudyState, reason: String?, at moment: Moment) {
    bringElapsedUpToDate(at: moment)
    runningSince = state == .running ? moment.seconds : nil
    study.state = state
    study.stateReason = reason
    studyChanged = true
  }

  /// Ends the study; trials without an outcome become `stopped`.
  private mutating func end(_ state: StudyState, _ code: StopReason.Code, _ detail: String, at moment: Moment) {
    for entry in running.values.sorted(by: { $0.trial.number < $1.trial.number }) {
      cancellations.append(entry.cancellation)
      cutShort(entry.trial, after: moment.seconds - entry.since, at: moment)
    }
    for trial in queued.values.sorted(by: { $0.number < $1.number }) { cutShort(trial, after: 0, at: moment) }
    running = [:]
    queued = [:]
    enter(state, reason: nil, at: moment)
    study.stopReason = StopReason(code: code, detail: detail)
    study.finishedAt = date(moment)
  }

  /// `seconds`: how long it ran.
  private mutating func cutShort(_ old: Trial, after seconds: Double, at moment: Moment) {
    var trial = old
    setEnd(of: &trial, after: seconds, at: moment)
    move(&trial, to: .stopped)
    stopped[trial.number] = trial
    changes.append(.updateTrial(trial, lease: nil))
  }

  func check(_ revision: Int?) throws(StudyError) {
    if isDeleted { throw .unknownStudy(study.name) }
    if let revision, revision != study.revision { throw .preconditionFailed }
  }

  private func conflict(_ verb: String) -> StudyError {
    .conflict("Study \(study.name) is \(study.state.rawValue) and cannot be \(verb).")
  }

  /// The study as it will be once its changes are stored: they raise the revision by one.
  var asStored: Study {
    var study = study
    if studyChanged { study.revision += 1 }
    return study
  }
}

extension Exhaustion {
  /// The code of a study that ends by it.
  fileprivate var code: StopReason.Code {
    switch self {
    case .spaceExhausted: .spaceExhausted
    case .converged, .rungsDecided: .converged
    case .confirmed: .confirmed
    case .undecided: .budgetTrials
    }
  }

  /// For a person.
  fileprivate var sentence: String {
    switch self {
    case .spaceExhausted: "Every point of the space has been tried."
    case .converged: "The last descent has ended."
    case .rungsDecided: "Every configuration has been through its rungs."
    case .confirmed: "New runs have told the leaders apart."
    case .undecided: "All new runs of the best points were made."
    }
  }
}
