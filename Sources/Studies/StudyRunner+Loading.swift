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

  /// Reads the study and all its trials; the algorithm registers what is stored and is asked nothing again.
  ///
  /// Time is proportional to the number of trials; pages keep each turn short.
  func load() async throws(StoreError) {
    if let stored = try await surroundings.store.study(id: id) { study = stored } else { isDeleted = true }
    forget()
    var key: TrialKey?
    var outcomes: [Int: ObservedOutcome] = [:]
    var observed = 0
    repeat {
      let page = try await surroundings.store.trials(study: id, TrialQuery(), after: key, limit: 1000).value
      for trial in page.items {
        highest = trial.number
        if algorithm.needsHistory {
          // The algorithm had seen exactly the outcomes up to the horizon when it made this suggestion.
          while observed < trial.horizon {
            observed += 1
            if let outcome = outcomes.removeValue(forKey: observed) { algorithm.observe(observed, outcome) }
          }
          algorithm.register(trial.number, trial.suggestion)
          outcomes[trial.number] = trial.observed
        }
        take(stored: trial)
      }
      key = page.next
    } while key != nil
    if !algorithm.needsHistory { algorithm.skip(to: highest) }
    unobserved = outcomes
    for (number, entry) in held where running[number]?.lease.id != entry.lease.id { entry.cancellation.set() }
    held = [:]
    if study.state.isFinished { _ = advance() }
  }

  private func take(stored trial: Trial) {
    let predicted = operations(of: trial.suggestion, after: lastSuggestion)
    lastSuggestion = trial.suggestion
    workload.took(operations: predicted)
    if trial.state.isOutcome { failures.add(trial.number, failed: trial.state == .failed) }
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
