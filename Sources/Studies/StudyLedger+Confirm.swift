import JSONText
import SearchSpace
import StudyDefinitions

/// New runs of a study's best points.
extension StudyLedger {
  /// Spends trials beyond the budget on telling the best points apart; a study that has ended continues for it.
  mutating func confirm(_ terms: ConfirmDefinition, revision: Int?, at moment: Moment) throws(StudyError) -> Study {
    defer { settle(at: moment) }
    try check(revision)
    let hasEnded = study.state.isFinished
    guard study.state != .stopped, study.state != .failed else {
      throw .conflict(
        "Study \(study.name) is \(study.state.rawValue), so its best points get no new runs; only those of a study that runs "
          + "or has completed do.")
    }
    guard !hasEnded || hasDataset else {
      throw .conflict("Study \(study.name) cannot continue: \(study.resolved.goneContent)")
    }
    guard !hasEnded || study.counts.completed > 0 else {
      throw .conflict("No trial of study \(study.name) has a value, so there is no best point to run again.")
    }
    let before = study.budget.trials ?? numbered
    let (total, isOver) = before.addingReportingOverflow(terms.trials)
    guard !isOver, total <= ParameterDescription.Kind.largestInteger else {
      throw .invalid([
        Fault(
          at: JSONPointer.root.appending("trials"),
          "trials is added to the budget of \(before) trials, and the sum must be at most 2^53 - 1.")
      ])
    }
    var budget = JSONObject([("trials", .number(Double(total)))])
    study.budget.trials = total
    if isOutOfTime(at: moment) {
      study.budget.seconds = nil
      budget["seconds"] = .null
    }
    var confirm = terms.json.objectValue ?? JSONObject()
    // Of a study that ended for another reason than its budget of trials, some of that is left, and it is not for the search.
    if hasEnded { confirm["at_once"] = .bool(true) }
    let edit = StudyEdit(
      fromTrial: numbered + 1, at: date(moment), changes: ["confirm": .object(confirm), "budget": .object(budget)])
    study.edits.append(edit)
    studyChanged = true
    search.setBudget(total)
    if search.confirm != nil, let stage = edit.confirm { search.add(stage) } else { mustBeReadAnew = true }
    if hasEnded { reopen(at: moment) }
    return asStored
  }

  /// Stores which points are left, where the last round of new runs has changed that.
  mutating func noteLeaders() {
    guard let points = search.takeNews() else { return }
    changes.append(.stillIn(study: study.id, points: points))
    studyChanged = true
  }
}

extension StudyEdit {
  /// The new runs of the best points that the edit asks for.
  var confirm: ConfirmPhase.Stage? {
    guard let part = changes["confirm"], let terms = ConfirmDefinition(json: part) else { return nil }
    return ConfirmPhase.Stage(fromTrial: fromTrial, terms: terms, endsSearch: part["at_once"] == .bool(true))
  }
}

extension Study {
  /// How many trials of the budget are for new runs of its best points at most, not for the search.
  public var confirmTrials: Int {
    (resolved.confirm?.trials ?? 0) + edits.reduce(0) { $0 + ($1.confirm?.terms.trials ?? 0) }
  }

  /// The new runs of its best points, as defined and as asked for since; nil where there are none.
  var confirm: ConfirmPhase? {
    var stages = edits.compactMap(\.confirm)
    if let terms = resolved.confirm { stages.insert(ConfirmPhase.Stage(fromTrial: 1, terms: terms), at: 0) }
    return stages.isEmpty ? nil : ConfirmPhase(stages, maximize: resolved.goal == .maximize)
  }
}
