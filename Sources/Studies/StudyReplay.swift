import SearchAlgorithms

/// Builds a study's ledger from what is stored of it.
///
/// Of a search that learns, every trial is added in order of number; of one that counts, the last trials and the open ones
/// are enough.
struct StudyReplay: Sendable {
  /// Of how many of the last trials of a counted search it is told what they cost.
  static let tail = 200

  private var ledger: StudyLedger
  /// What was handed out before and may still be reported.
  private let held: [Int: StudyLedger.Running]

  /// Begins before the first trial. `held`: trials that workers still have, by number.
  init(
    _ study: Study, rules: StudyLedger.Rules, held: [Int: StudyLedger.Running] = [:], metricNames: [String] = [],
    at moment: Moment
  ) {
    ledger = StudyLedger(study, rules: rules, knowsTrials: true, at: moment)
    ledger.metricNames = Set(metricNames)
    self.held = held
  }

  /// Whether every trial is needed: by the algorithm, to judge others by it, to know how long ago the best was bettered, or
  /// to give the best of them new runs.
  var needsHistory: Bool {
    ledger.search.algorithm.needsHistory || needsCurves || ledger.stall != nil || ledger.study.hasKnownPoints
      || ledger.search.confirm != nil
  }

  /// Whether the curves of trials are needed: trials are judged by those before.
  var needsCurves: Bool { ledger.judging != nil }

  /// Adds the next trial by number; `curve`: what is stored of it, where curves are needed.
  mutating func add(_ trial: Trial, _ curve: LearningCurve? = nil) {
    let operations = ledger.operations(of: trial.suggestion, after: ledger.search.last)
    let isRetried = ledger.retried.contains(trial.number)
    ledger.search.replay(trial, isRetried ? .failed : trial.observed(ledger.study.resolved.tieBreak))
    ledger.judging?.begin(trial.number, horizon: trial.horizon)
    if let curve, !trial.state.isOutcome { ledger.judging?.resume(trial.number, curve) }
    place(trial, operations)
    if trial.state.isOutcome || isRetried { ledger.judging?.end(trial, curve, teaches: !isRetried) }
    ledger.failures.begin(trial.number)
    guard trial.state.isOutcome else { return }
    ledger.failures.add(trial.number, failed: trial.state == .failed)
    ledger.stall?.add(trial.number, value: trial.replicate == 0 ? trial.value : nil)
  }

  /// Goes on after the last of `trials`, which are in order of number: the last ones, and all that have no outcome.
  mutating func skip(to highest: Int, known trials: [Trial], failures: FailureRun) {
    var last: Trial?
    for trial in trials {
      let before = last.flatMap { $0.number == trial.number - 1 ? $0.suggestion : nil }
      place(trial, ledger.operations(of: trial.suggestion, after: before))
      last = trial
    }
    ledger.search.skip(to: highest, last: last?.suggestion)
    ledger.failures = failures
  }

  private mutating func place(_ trial: Trial, _ operations: Double) {
    ledger.workload.took(operations: operations)
    switch trial.state {
    case .completed:
      // Trials that were trained together share one duration, but not what it cost.
      if trial.reusedFrom == nil, let seconds = trial.computeSeconds {
        ledger.costs.add(operations: operations, seconds: seconds)
      }
    case .queued: ledger.queued[trial.number] = trial
    case .running:
      if var entry = held[trial.number], entry.trial.attempt == trial.attempt {
        (entry.trial, entry.operations) = (trial, operations)
        ledger.running[trial.number] = entry
      } else {
        // Nobody holds it.
        ledger.requeue(trial)
      }
    case .stopped: ledger.stopped[trial.number] = trial
    case .infeasible, .failed, .pruned: break
    }
  }

  /// The ledger of all that was added.
  consuming func finish() -> StudyLedger {
    for (number, entry) in held where ledger.running[number]?.lease.id != entry.lease.id {
      ledger.cancellations.append(entry.cancellation)
    }
    _ = ledger.search.proposal()
    return ledger
  }
}

extension Study {
  /// Whether numbers go, or went, to points that the search did not choose.
  fileprivate var hasKnownPoints: Bool { resolved.hasKnownPoints || edits.contains { $0.isOfPoints } }
}

extension StudyLedger {
  /// Puts trials in line again that ran when the process died, and counts its death against them. What runs elsewhere, under
  /// a lease that is still good, stays out: it is given, by number.
  mutating func recover(
    _ trials: [Trial], leases: [Int: Lease], reports: [Int: ReportTail] = [:], at moment: Moment
  ) -> [Int: Running] {
    var held: [Int: Running] = [:]
    for stored in trials {
      if let lease = leases[stored.number], lease.outlivesProcess {
        let start = stored.startedAt ?? moment.date
        // A whole period anew: its holder could not renew it while nobody listened.
        let renewed = lease.renewed(at: moment)
        held[stored.number] = Running(
          trial: stored, lease: renewed, cancellation: CancellationFlag(), operations: 0, batch: lease.id,
          since: moment.seconds - max(0, moment.date.timeIntervalSince(start)),
          expires: lease.seconds.map { moment.seconds + $0 }, lastReport: reports[stored.number]?.last,
          reports: reports[stored.number]?.count ?? 0)
        changes.append(.renewLease(renewed, study: study.id, number: stored.number))
        continue
      }
      var trial = stored
      trial.crashes += 1
      requeue(trial)
    }
    return held
  }

  /// Pauses a study that the service seems to die of.
  mutating func pauseAfterCrashes(at moment: Moment) {
    guard study.state == .running,
      let trial = queued.values.filter({ $0.crashes >= Self.crashLimit }).min(by: { $0.number < $1.number })
    else { return }
    enter(
      .paused,
      reason: "Trial \(trial.number) was running each of the last \(trial.crashes) times that the service died.",
      at: moment)
  }
}
