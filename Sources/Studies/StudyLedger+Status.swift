import SearchAlgorithms

/// What readers are told of a study without waiting.
extension StudyLedger {
  /// What it is doing now.
  ///
  /// O(running and queued trials), and at most a few hundred proposals where a counted search has a new budget.
  mutating func status(at moment: Moment) -> LiveStatus {
    LiveStatus(
      waitingFor: waitingFor, runningSince: runningSince, elapsedBefore: study.elapsedSeconds, workers: 0,
      costs: costs, remaining: remaining(),
      batches: Dictionary(grouping: running.values, by: \.batch).values.map { batch in
        .init(
          count: batch.count, operations: batch.reduce(0) { $0 + $1.operations },
          startedAt: batch.map(\.since).min() ?? moment.seconds)
      })
  }

  /// The descents of a local search; nil where the algorithm has none.
  var descents: [Descent]? {
    guard let search = search.algorithm as? any DescendingSearch else { return nil }
    // One that a person or failures cut short does not continue; one that the budget cut continues with a larger one.
    let end = study.state == .stopped || study.state == .failed ? study.stopReason?.code.rawValue : nil
    return search.descents.map { descent in
      var descent = descent
      descent.stopReason = descent.stopReason ?? end
      return descent
    }
  }

  private var waitingFor: WaitingFor? {
    switch study.state {
    case .paused: return .paused
    case .completed, .stopped, .failed: return nil
    case .running:
      if running.count >= study.maxRunning ?? .max { return .maxRunning }
      if hasWork { return .workers }
      if case .awaits? = search.known, search.highest < study.budget.trials ?? .max { return .results }
      return nil
    }
  }

  private mutating func remaining() -> (count: Int, operations: Double)? {
    guard let last = study.budget.trials else { return nil }
    var remaining = (count: 0, operations: 0.0)
    if case .exhausted? = search.known {
    } else {
      let (ledger, algorithm) = (self, search.algorithm)
      remaining = workload.remaining(after: search.highest, through: last, algorithm: algorithm) {
        ledger.operations(of: $0, after: $1)
      }
    }
    for trial in queued.values {
      remaining.count += 1
      remaining.operations += operations(of: trial.suggestion)
    }
    return remaining
  }
}
