import JSONText
import StudyDefinitions

/// Edits of budget, parallelism, labels and notes.
extension StudyLedger {
  /// Applies a merge patch; a larger budget queues the trials again that its end had cut short.
  mutating func edit(_ patch: JSONValue, revision: Int?, at moment: Moment) throws(StudyError) -> Study {
    defer { settle(at: moment) }
    try check(revision)
    let edit: StudyPatch
    do throws(InvalidDefinition) {
      edit = try rules.validator.edit(
        patch: patch, budget: study.budget, parallelism: study.parallelism, maxRunning: study.maxRunning,
        labels: study.labels, notes: study.notes, highestNumber: numbered, resolved: study.resolved)
    } catch { throw .invalid(error.faults) }
    if edit.budget != study.budget, study.state.isFinished {
      guard study.isEndedByBudget else { throw .conflict(whyTheBudgetIsFinal) }
      guard hasDataset else {
        throw .conflict("Study \(study.name) cannot continue: \(study.resolved.goneContent)")
      }
    }
    try checkConfirm(against: edit.budget)
    if edit.changesAnything { apply(edit, at: moment) }
    return asStored
  }

  /// Whether a patch says how the search continues: of a study that has ended, only a budget can. Notes and labels say
  /// nothing of the search.
  static func needsTrials(_ patch: JSONValue, of study: Study) -> Bool {
    if study.state.isFinished { return study.isEndedByBudget && patch["budget"] != nil }
    return ["budget", "parallelism", "max_running"].contains { patch[$0] != nil }
  }

  private mutating func apply(_ edit: StudyPatch, at moment: Moment) {
    studyChanged = true
    study.budget = edit.budget
    if edit.parallelism != study.parallelism { search.setParallelism(edit.parallelism) }
    study.parallelism = edit.parallelism
    study.maxRunning = edit.maxRunning
    study.labels = edit.labels
    study.notes = edit.notes
    guard let changes = edit.changes else { return }
    study.edits.append(StudyEdit(fromTrial: numbered + 1, at: date(moment), changes: changes))
    search.setBudget(study.budget.trials)
    guard study.isEndedByBudget else { return }
    guard search.highest < study.budget.trials ?? .max || !stopped.isEmpty, !isOutOfTime(at: moment) else { return }
    reopen(at: moment)
    settle(at: moment)
  }

  /// A study that has ended continues; what its end cut short is tried again.
  mutating func reopen(at moment: Moment) {
    enter(.running, reason: nil, at: moment)
    study.stopReason = nil
    study.finishedAt = nil
    for trial in stopped.values.sorted(by: { $0.number < $1.number }) { requeue(trial) }
    stopped = [:]
  }

  /// A budget that new runs of the best points come from the end of is bounded, and grows no more once they have begun: the
  /// search is over then.
  private func checkConfirm(against budget: Budget) throws(StudyError) {
    guard let old = study.budget.trials, budget.trials != old, search.confirm != nil else { return }
    guard let trials = budget.trials else {
      throw .invalid([
        Fault(
          at: JSONPointer.root.appending("budget").appending("trials"),
          "budget.trials cannot be left out here: the new runs of the best points come from its end.")
      ])
    }
    guard trials > old, search.isConfirming else { return }
    throw .conflict(
      "Study \(study.name) runs its best points again, and its search is over, so a larger budget.trials changes nothing; "
        + "POST /v1/studies/\(study.name)/confirm spends more such runs.")
  }

  /// The highest number, whether or not the trials are known.
  var numbered: Int { max(search.highest, study.counts.numbered) }

  /// Why a study that has ended, but not by its budget, does not continue with another budget.
  private var whyTheBudgetIsFinal: String {
    let how = study.stopReason?.detail ?? "It is \(study.state.rawValue)."
    return "Study \(study.name) did not end by its budget, so a new budget changes nothing. It ended like this: \(how)"
  }

  var hasDataset: Bool {
    study.resolved.isExternal
      || rules.validator.context.hasContent(study.resolved.datasetSHA256, of: study.resolved.dataset)
  }
}

extension Study {
  /// Whether it continues with a larger budget.
  var isEndedByBudget: Bool { summary.state == .completed && summary.stopReason?.code.isBudget == true }
}
