import Foundation

/// Reading a study's ledger from the store. The search runs on this actor's own executor also here.
extension StudyRunner {
  /// The ledger of a stored study. `held`: what workers still have; `everyTrial`: also where the search only counts.
  ///
  /// Time is proportional to the number of trials for a search that learns, else to those without an outcome.
  func replay(
    _ study: Study, held: [Int: StudyLedger.Running], everyTrial: Bool
  ) async throws(StoreError) -> StudyLedger {
    let metrics = study.resolved.isTrained ? [] : try await dependencies.store.metricNames(study: id)
    var replay = StudyReplay(
      study, rules: dependencies.rules, held: held, metricNames: metrics, at: dependencies.clock.moment)
    if replay.needsHistory || everyTrial {
      var pages = TrialPages(of: id, from: dependencies.store)
      while let page = try await pages.next() {
        let curves = replay.needsCurves ? try await readCurves(of: page, isExternal: study.resolved.isExternal) : [:]
        for trial in page { replay.add(trial, curves[trial.number]) }
      }
    } else {
      let (highest, known, failures) = try await readTail(of: study)
      replay.skip(to: highest, known: known, failures: failures)
    }
    return replay.finish()
  }

  /// The curves of trials that teach a pruning rule something, or are judged by it, by number.
  private func readCurves(of trials: [Trial], isExternal: Bool) async throws(StoreError) -> [Int: LearningCurve] {
    let numbers = trials.filter { $0.state != .queued }.map(\.number)
    if isExternal { return try await dependencies.store.reports(study: id, numbers: numbers) }
    return try await dependencies.store.curves(study: id, numbers: numbers).value
  }

  /// The last trials and those without an outcome, in order of number.
  private func readTail(
    of study: Study
  ) async throws(StoreError) -> (highest: Int, known: [Trial], failures: FailureRun) {
    var query = TrialFilter()
    query.isDescending = true
    let last = try await dependencies.store.trials(study: id, query, after: nil, limit: StudyReplay.tail).value.items
    let highest = last.first?.number ?? 0
    var pages = TrialPages(of: id, in: [.queued, .running, .stopped], from: dependencies.store)
    let open = try await pages.rest()
    let known = Dictionary((last + open).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    let failures = try await readFailures(of: study, highest: highest, open: Set(open.map(\.number)))
    return (highest, known.values.sorted { $0.number < $1.number }, failures)
  }

  /// Finds out how many failures in a row end the prefix whose outcomes are all final, and what failed beyond.
  private func readFailures(of study: Study, highest: Int, open: Set<Int>) async throws(StoreError) -> FailureRun {
    let prefix = (open.min() ?? highest + 1) - 1
    var query = TrialFilter()
    query.states = [.failed]
    query.isDescending = true
    let last = try await dependencies.store.trials(
      study: id, query, after: TrialKey(number: prefix + 1, value: nil), limit: study.resolved.failureLimit
    ).value.items
    var inARow = 0
    for trial in last where trial.number == prefix - inARow { inARow += 1 }
    var pages = TrialPages(of: id, in: [.failed], beyond: prefix, from: dependencies.store)
    let beyond = study.counts.failed > 0 ? try await pages.rest() : []
    return FailureRun(
      prefix: prefix, inARow: inARow, highest: highest, open: open, failed: Set(beyond.map(\.number)))
  }
}
