import Foundation
import JSONText
import SearchAlgorithms
import StudyDefinitions

/// What those ask and tell who run the trials of an external study.
extension StudyLedger {
  /// The next trials for a caller: first those that it was handed before and does not say that it holds, each under a new
  /// lease; then those that wait to be tried again; then new numbers.
  mutating func handOut(_ request: TrialRequest, at moment: Moment) throws(StudyError) -> HandedTrials {
    defer { settle(at: moment) }
    try checkCallers()
    settle(at: moment)
    var held = handAgain(request, at: moment)
    let worker = Worker(name: request.worker, kind: .external, leaseSeconds: request.leaseSeconds)
    while held.count < request.count, mayHandOut, !isOutOfTime(at: moment) {
      let waiting = queued.keys.min().flatMap { queued[$0] }
      guard let suggestion = waiting?.suggestion ?? nextSuggestion() else { break }
      let lease = worker.lease(at: moment)
      let entry = handOut(
        suggestion, waiting, operations(of: suggestion), lease: lease, batch: lease.id, at: moment)
      held.append(HeldTrial(trial: entry.trial, lease: entry.lease))
    }
    return HandedTrials(
      trials: held, study: study, waitingFor: held.count < request.count ? whyNoMore(at: moment) : nil)
  }

  /// Hands a caller its own trials again that it has lost sight of; the old leases end.
  private mutating func handAgain(_ request: TrialRequest, at moment: Moment) -> [HeldTrial] {
    let own = running.values.filter {
      $0.lease.outlivesProcess && $0.lease.worker == request.worker && !request.holding.contains($0.trial.number)
    }
    let worker = Worker(name: request.worker, kind: .external, leaseSeconds: request.leaseSeconds)
    return own.sorted { $0.trial.number < $1.trial.number }.prefix(request.count).map { entry in
      requeue(entry.trial)
      let trial = queued[entry.trial.number] ?? entry.trial
      let lease = worker.lease(at: moment)
      let again = handOut(
        trial.suggestion, trial, entry.operations, lease: lease, batch: lease.id, at: moment)
      return HeldTrial(trial: again.trial, lease: again.lease)
    }
  }

  /// Why a caller gets fewer trials than it asked for; nil where the study has ended.
  private func whyNoMore(at moment: Moment) -> WaitingFor? {
    switch study.state {
    case .completed, .stopped, .failed: return nil
    case .paused: return .paused
    case .running:
      if running.count >= study.maxRunning ?? .max { return .maxRunning }
      if search.highest >= study.budget.trials ?? .max || isOutOfTime(at: moment) { return .budget }
      return .results
    }
  }

  /// Takes what became of a trial; gives the trial, or nil where it has an outcome already.
  ///
  /// `pointer`: where the body has the metrics.
  mutating func tell(
    _ outcome: ToldOutcome, of number: Int, at pointer: JSONPointer, moment: Moment
  ) throws(StudyError) -> Trial? {
    try checkCallers()
    try check(number)
    let entry = running[number]
    guard let trial = entry?.trial ?? queued[number] ?? stopped[number] else { return nil }
    let report: TrialReport
    switch outcome {
    case .metrics(let metrics):
      report = .completed(
        scores: [try objective(of: metrics, at: pointer)], metrics: metrics, curve: LearningCurve(names: []),
        computeSeconds: 0)
      try name(metrics, at: pointer)
    case .infeasible(let reason): report = .infeasible(reason: reason, computeSeconds: 0)
    case .failure(let message, let failureClass, let lease):
      guard let entry, entry.lease.id == lease else { throw leaseLost(number) }
      report = .failed(message: message, class: failureClass)
    }
    defer { settle(at: moment) }
    let elapsed = trial.startedAt.map { max(0, moment.date.timeIntervalSince($0)) } ?? 0
    let ended = take(
      report, of: trial, operations: entry?.operations ?? 1, since: entry?.since ?? moment.seconds - elapsed,
      at: moment)
    return ended
  }

  /// Keeps what a caller measured at a step of a trial that it runs, and renews its lease; nil where the trial does not run.
  mutating func measure(
    _ point: CurvePoint, of number: Int, lease: UUID, moment: Moment
  ) throws(StudyError) -> LeaseAnswer? {
    defer { settle(at: moment) }
    guard var entry = try held(number, lease, at: moment) else { return nil }
    if let last = entry.lastReport, point != last {
      guard point.step > last.step else {
        throw .invalid([
          Fault(
            at: JSONPointer.root.appending("step"),
            "step is \(point.step), but trial \(number) has told of step \(last.step) already; steps rise.")
        ])
      }
    }
    if point != entry.lastReport {
      guard entry.reports < Self.reportLimit else {
        throw .invalid([
          Fault(
            at: JSONPointer.root.appending("step"),
            "Trial \(number) has told of \(entry.reports) steps, and no more are kept; tell of fewer.")
        ])
      }
      try name(point.metrics, at: JSONPointer.root.appending("metrics"))
      entry.lastReport = point
      entry.reports += 1
      changes.append(.report(study: study.id, number: number, point))
      if case .prune(let step, let value, _)? = judging?.report(point, of: entry.trial) {
        take(
          .pruned(
            step: step, value: value, metrics: point.metrics, curve: LearningCurve(names: []), computeSeconds: 0),
          of: entry.trial, operations: entry.operations, since: entry.since, at: moment)
        return LeaseAnswer(reason: .pruned)
      }
    }
    return goOn(&entry, at: moment)
  }

  /// Renews the lease of a trial that a caller still runs; nil where the trial does not run.
  mutating func heartbeat(_ number: Int, lease: UUID, moment: Moment) throws(StudyError) -> LeaseAnswer? {
    defer { settle(at: moment) }
    guard var entry = try held(number, lease, at: moment) else { return nil }
    return goOn(&entry, at: moment)
  }

  /// Keeps a piece of what the program of a trial wrote; false where the trial does not run.
  mutating func log(
    _ number: Int, lease: UUID, start: Int, bytes: [UInt8], moment: Moment
  ) throws(StudyError) -> Bool {
    defer { settle(at: moment) }
    guard let entry = try held(number, lease, at: moment) else { return false }
    guard !bytes.isEmpty else { return true }
    changes.append(
      .log(LogPiece(study: study.id, number: number, attempt: entry.trial.attempt, start: start, bytes: bytes)))
    return true
  }

  /// Puts a trial first in line again whose caller gives it back; nil where it does not run.
  mutating func release(_ number: Int, lease: UUID, moment: Moment) throws(StudyError) -> Trial? {
    defer { settle(at: moment) }
    guard let entry = try held(number, lease, at: moment) else { return nil }
    var trial = entry.trial
    trial.expiredLeases = 0
    requeue(trial)
    return queued[number] ?? trial
  }

  private mutating func goOn(_ entry: inout Running, at moment: Moment) -> LeaseAnswer {
    entry.trial.expiredLeases = 0
    renew(&entry, at: moment)
    running[entry.trial.number] = entry
    return LeaseAnswer(expiresAt: entry.lease.expiresAt)
  }

  /// The trial that runs under a lease; nil where it has ended, or the study has. Throws where another holds it.
  private mutating func held(_ number: Int, _ lease: UUID, at moment: Moment) throws(StudyError) -> Running? {
    try checkCallers()
    try check(number)
    expireLeases(at: moment)
    guard let entry = running[number] else {
      if queued[number] != nil { throw leaseLost(number) }
      return nil
    }
    guard entry.lease.id == lease else { throw leaseLost(number) }
    return entry
  }

  // MARK: What is refused

  func checkCallers() throws(StudyError) {
    if isDeleted { throw .unknownStudy(study.name) }
    if isClosed { throw .shuttingDown }
    guard study.resolved.isExternal else {
      throw .conflict(
        "Study \(study.name) \(study.resolved.isTrained ? "trains its trials" : "looks its trials up") itself; only those "
          + "of a study whose model.kind is external can be asked for and told of.")
    }
  }

  func check(_ number: Int) throws(StudyError) {
    guard (1...max(search.highest, 1)).contains(number), search.highest > 0 else {
      throw .unknownTrial(study: study.name, number: number)
    }
  }

  private func leaseLost(_ number: Int) -> StudyError {
    .leaseLost("Trial \(number) of study \(study.name) is not held under this lease any more.")
  }

  private func objective(of metrics: [String: Double], at pointer: JSONPointer) throws(StudyError) -> Double {
    let name = study.resolved.metric
    guard let value = metrics[name] else {
      throw .invalid([Fault(at: pointer, "\(name) is missing; it is the objective of study \(study.name).")])
    }
    return value
  }

  /// Records the names of metrics that are new; throws where they would be too many.
  private mutating func name(_ metrics: [String: Double], at pointer: JSONPointer) throws(StudyError) {
    let new = Set(metrics.keys).subtracting(metricNames)
    guard metricNames.count + new.count <= Self.metricLimit else {
      throw .invalid([
        Fault(
          at: pointer,
          "The trials of a study have at most \(Self.metricLimit) different metrics, and this would be more.")
      ])
    }
    name(new)
  }
}
