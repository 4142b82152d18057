import Foundation
import SearchAlgorithms

/// Building a runner from what is stored.
extension StudyRunner {
  /// Puts back into the line what died with the process, before anybody is answered: a service that dies at once again
  /// must have counted this death. Reads the trials that run, and no others.
  func recover() async throws(StoreError) {
    var query = TrialQuery()
    query.states = [.running]
    var key: TrialKey?
    repeat {
      let page = try await surroundings.store.trials(study: id, query, after: key, limit: 1000).value
      for stored in page.items {
        var trial = stored
        trial.crashes += 1
        requeue(trial)
      }
      key = page.next
    } while key != nil
    pauseAfterCrashes()
    defer { forget() }
    _ = try await store().get()
  }

  /// Reads the study's row.
  func read() async throws(StoreError) {
    if let stored = try await surroundings.store.study(id: id) { study = stored } else { isDeleted = true }
  }

  /// Reads what the search needs of the trials; the algorithm is asked nothing again.
  func load() async throws(StoreError) {
    forget()
    if algorithm.needsHistory || readsAllTrials { try await loadAll() } else { try await loadTail() }
    for (number, entry) in held where running[number]?.lease.id != entry.lease.id { entry.cancellation.set() }
    held = [:]
    if study.state.isFinished { _ = advance() }
  }

  /// Reads all trials; the algorithm registers what is stored.
  ///
  /// Time is proportional to the number of trials; pages keep each turn short.
  private func loadAll() async throws(StoreError) {
    var key: TrialKey?
    var outcomes: [Int: ObservedOutcome] = [:]
    var observed = 0
    repeat {
      let page = try await surroundings.store.trials(study: id, TrialQuery(), after: key, limit: 1000).value
      for trial in page.items {
        highest = trial.number
        // The algorithm had seen exactly the outcomes up to the horizon when it made this suggestion.
        while observed < trial.horizon {
          observed += 1
          if let outcome = outcomes.removeValue(forKey: observed) { algorithm.observe(observed, outcome) }
        }
        algorithm.register(trial.number, trial.suggestion)
        if algorithm.needsHistory { outcomes[trial.number] = trial.observed }
        take(stored: trial)
        failures.begin(trial.number)
        if trial.state.isOutcome { failures.add(trial.number, failed: trial.state == .failed) }
      }
      key = page.next
    } while key != nil
    unobserved = outcomes
  }

  /// Of how many of the last trials it is told what they cost.
  private static let tail = 200

  /// Reads the last trials and those without an outcome: a search that counts its suggestions needs no others.
  private func loadTail() async throws(StoreError) {
    var query = TrialQuery()
    query.isDescending = true
    let last = try await surroundings.store.trials(study: id, query, after: nil, limit: Self.tail).value.items
    highest = last.first?.number ?? 0
    algorithm.skip(to: highest)
    let open = try await trials([.queued, .running, .stopped], after: 0)
    try await countFailures(open: Set(open.map(\.number)))
    let known = Dictionary((last + open).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    for (number, trial) in known.sorted(by: { $0.key < $1.key }) {
      if known[number - 1] == nil { lastSuggestion = nil }
      take(stored: trial)
    }
  }

  /// All trials in some states beyond a number.
  private func trials(_ states: Set<TrialState>, after number: Int) async throws(StoreError) -> [Trial] {
    var query = TrialQuery()
    query.states = states
    var found: [Trial] = []
    var key: TrialKey? = TrialKey(number: number, value: nil)
    repeat {
      let page = try await surroundings.store.trials(study: id, query, after: key, limit: 1000).value
      found += page.items
      key = page.next
    } while key != nil
    return found
  }

  /// Finds out how many failures in a row end the prefix whose outcomes are all final, and what failed beyond.
  private func countFailures(open: Set<Int>) async throws(StoreError) {
    let prefix = (open.min() ?? highest + 1) - 1
    var query = TrialQuery()
    query.states = [.failed]
    query.isDescending = true
    let last = try await surroundings.store.trials(
      study: id, query, after: TrialKey(number: prefix + 1, value: nil), limit: Self.failureLimit
    ).value.items
    var inARow = 0
    for trial in last where trial.number == prefix - inARow { inARow += 1 }
    let beyond = study.counts.failed > 0 ? try await trials([.failed], after: prefix) : []
    failures = FailureRun(
      prefix: prefix, inARow: inARow, highest: highest, open: open, failed: Set(beyond.map(\.number)))
  }

  private func take(stored trial: Trial) {
    let predicted = operations(of: trial.suggestion, after: lastSuggestion)
    lastSuggestion = trial.suggestion
    workload.took(operations: predicted)
    switch trial.state {
    case .completed:
      // Trials that were trained together share one duration, but not what it cost.
      if trial.reusedFrom == nil, let seconds = trial.computeSeconds {
        costs.add(operations: predicted, seconds: seconds)
      }
    case .queued: queued[trial.number] = trial
    case .running:
      if let entry = held[trial.number], entry.trial.attempt == trial.attempt {
        running[trial.number] = Running(
          trial: trial, lease: entry.lease, cancellation: entry.cancellation, operations: predicted, batch: entry.batch,
          since: entry.since)
        return
      }
      // Nobody holds it.
      requeue(trial)
    case .stopped: stopped[trial.number] = trial
    case .infeasible, .failed, .pruned: break
    }
  }

  private func pauseAfterCrashes() {
    guard study.state == .running,
      let trial = queued.values.filter({ $0.crashes >= Self.crashLimit }).min(by: { $0.number < $1.number })
    else { return }
    enter(
      .paused,
      reason: "Trial \(trial.number) was running each of the last \(trial.crashes) times that the service died.")
  }
}
