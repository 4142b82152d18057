import Foundation
import SearchAlgorithms
import SearchSpace

/// Which trials a worker gets together, and what idle workers do.
extension StudyLedger {
  /// The most trials that are handed out at once.
  static let batchSize = 100
  /// Trainings are handed out together as long as they are expected to take no longer: a commit takes milliseconds.
  static let batchSeconds = 0.05
  /// And as long as they are no larger a part of the study, so that studies advance side by side.
  static let batchShare = 50

  /// The next trials for a worker: those that wait to be tried again, else new numbers; empty if there are none now.
  mutating func lease(to worker: Worker, at moment: Moment) -> [TrialAssignment] {
    defer { settle(at: moment) }
    return handOut(to: worker, at: moment)
  }

  /// Whether somebody who asks for work now would get some.
  var hasWork: Bool {
    guard mayHandOut else { return false }
    if !queued.isEmpty { return true }
    guard case .suggestion? = search.known else { return false }
    return search.highest < study.budget.trials ?? .max
  }

  /// Whether trials may be handed out at all.
  var mayHandOut: Bool {
    study.state == .running && !isClosed && !isDeleted && running.count < study.maxRunning ?? .max
  }

  /// More than one trial where they are one training that ends at several iterations, and where the search learns nothing
  /// and trainings are short.
  mutating func handOut(to worker: Worker, at moment: Moment) -> [TrialAssignment] {
    let batch = UUID()
    var trials: [TrialAssignment] = []
    var seconds = 0.0
    var last: Suggestion?
    while mayHandOut, !isOutOfTime(at: moment), trials.count < min(Self.batchSize, worker.capacity) {
      let waiting = queued.keys.min().flatMap { queued[$0] }
      guard let suggestion = waiting?.suggestion ?? nextSuggestion() else { break }
      let operations = waiting == nil ? operations(of: suggestion, after: search.last) : operations(of: suggestion)
      let pace = costs.secondsPerOperation
      if let last, !isOneTraining(last, suggestion) {
        guard !search.algorithm.needsHistory, pace != nil, seconds < Self.batchSeconds,
          trials.count < (study.budget.trials ?? .max) / Self.batchShare
        else { break }
      }
      seconds += operations * (pace ?? 0)
      last = suggestion
      let entry = handOut(suggestion, waiting, operations, lease: worker.lease(at: moment), batch: batch, at: moment)
      trials.append(assignment(of: entry))
    }
    return trials
  }

  /// Hands out one trial, which waits to be tried again or gets the next number.
  mutating func handOut(
    _ suggestion: Suggestion, _ waiting: Trial?, _ operations: Double, lease: Lease, batch: UUID, at moment: Moment
  ) -> Running {
    let trial = waiting.map { resume($0, lease, at: moment) } ?? begin(suggestion, lease, operations, at: moment)
    let entry = Running(
      trial: trial, lease: lease, cancellation: CancellationFlag(), operations: operations, batch: batch,
      since: moment.seconds, expires: lease.seconds.map { moment.seconds + $0 })
    running[trial.number] = entry
    return entry
  }

  /// Renews the leases of trials that a worker still runs; gives those that are still good.
  mutating func heartbeat(_ trials: [TrialAssignment], at moment: Moment) -> [TrialAssignment] {
    defer { settle(at: moment) }
    return trials.compactMap { assignment in
      guard var entry = running[assignment.number], entry.lease.id == assignment.lease.id else { return nil }
      var assignment = assignment
      if entry.lease.outlivesProcess {
        renew(&entry, at: moment)
        running[assignment.number] = entry
      }
      assignment.lease = entry.lease
      return assignment
    }
  }

  /// Gives a lease that outlives the process a whole period anew.
  mutating func renew(_ entry: inout Running, at moment: Moment) {
    guard let seconds = entry.lease.seconds else { return }
    entry.lease = entry.lease.renewed(at: moment)
    entry.lease.heartbeatAt = moment.date
    entry.expires = moment.seconds + seconds
    changes.append(.renewLease(entry.lease, study: study.id, number: entry.trial.number))
  }

  /// Puts trials back in line whose leases have run out; one on which that has happened too often has failed.
  mutating func expireLeases(at moment: Moment) {
    let expired = running.values.filter { ($0.expires ?? .infinity) <= moment.seconds }
    for entry in expired.sorted(by: { $0.trial.number < $1.trial.number }) {
      cancellations.append(entry.cancellation)
      var trial = entry.trial
      trial.expiredLeases += 1
      if trial.expiredLeases < Self.expiredLeaseLimit {
        requeue(trial)
      } else {
        fail(
          &trial, "\(trial.expiredLeases) leases in a row ran out without a word.", .lost, since: entry.since,
          at: moment)
      }
    }
  }

  private func assignment(of entry: Running) -> TrialAssignment {
    TrialAssignment(
      lease: entry.lease, study: study.id, studyName: study.name, number: entry.trial.number,
      replicate: entry.trial.replicate, attempt: entry.trial.attempt, definition: study.resolved,
      point: entry.trial.point, judge: judging?.judge(of: entry.trial), secondsLimit: study.budget.trialSeconds,
      cancellation: entry.cancellation)
  }

  mutating func nextSuggestion() -> Suggestion? {
    guard search.highest < study.budget.trials ?? .max, case .suggestion(let suggestion) = search.proposal()
    else { return nil }
    return suggestion
  }

  private mutating func resume(_ waiting: Trial, _ lease: Lease, at moment: Moment) -> Trial {
    var trial = waiting
    queued[trial.number] = nil
    trial.worker = lease.worker
    trial.startedAt = date(moment)
    move(&trial, to: .running)
    changes.append(.updateTrial(trial, lease: lease))
    return trial
  }

  private mutating func begin(
    _ suggestion: Suggestion, _ lease: Lease, _ operations: Double, at moment: Moment
  ) -> Trial {
    search.register(suggestion)
    if study.enqueued > 0 { study.enqueued = search.asked.count { $0.position != nil } }
    let trial = Trial(
      study: study.id, number: search.highest, suggestion: suggestion,
      algorithmVersion: study.resolved.algorithmVersion, worker: lease.worker, at: date(moment))
    failures.begin(trial.number)
    judging?.begin(trial.number, horizon: trial.horizon)
    study.counts.running += 1
    studyChanged = true
    changes.append(.insertTrial(trial, lease: lease))
    workload.took(operations: operations)
    return trial
  }

  // MARK: Running ahead

  /// Whether an idle worker may get a point, while the search waits for outcomes. Which one is worked out only when it asks.
  var mayRunAhead: Bool {
    guard mayHandOut, case .awaits? = search.known, study.resolved.reuse, study.resolved.isTrained,
      search.highest < study.budget.trials ?? .max
    else { return false }
    return search.mayBeLikely(besides: ahead, numbers: numbersLeft)
  }

  /// How many trials there may still be.
  private var numbersLeft: Int { (study.budget.trials ?? .max) - search.highest }

  /// A point to evaluate before anybody asks for it; nil if there is none.
  mutating func leaseAhead() -> AheadAssignment? {
    guard mayRunAhead, let point = search.likelyPoint(besides: ahead, numbers: numbersLeft) else { return nil }
    ahead.insert(point)
    return AheadAssignment(
      study: study.id, studyName: study.name, definition: study.resolved, point: point, replicate: 0,
      judge: judging?.guess, secondsLimit: study.budget.trialSeconds, cancellation: CancellationFlag())
  }

  /// Takes what came of a point that was evaluated ahead, and gives `worker`, if any, the study's next trials.
  mutating func report(
    ahead assignment: AheadAssignment, _ evaluations: [RecordedEvaluation], leaseFor worker: Worker?,
    at moment: Moment
  ) -> [TrialAssignment] {
    defer { settle(at: moment) }
    // A training that was cut short may be gone on with later.
    if evaluations.isEmpty, assignment.cancellation.isSet { ahead.remove(assignment.point) }
    changes += evaluations.map { .evaluation($0) }
    return worker.map { handOut(to: $0, at: moment) } ?? []
  }
}
