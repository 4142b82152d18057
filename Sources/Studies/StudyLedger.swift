import Foundation
import SearchAlgorithms
import SearchSpace
import StudyDefinitions

/// What a study is doing, in memory: events come in, each with its time, and changes for the store go out.
///
/// It has no clock, no store and no task. Every event is one method and leaves the ledger settled: the study has ended if
/// its time has come, and the next proposal is known. `takeChanges` gives all that is to be stored of the events since the
/// last call. `StudyReplay` builds an equal ledger from what is stored, so one whose changes were refused is thrown away.
struct StudyLedger: Sendable {
  /// What a study is judged by.
  struct Rules: Sendable {
    var costs: any TrialCosts
    var validator: DefinitionValidator
    var algorithm: @Sendable (ResolvedDefinition) -> any SearchAlgorithm
  }

  /// A trial that is handed out.
  struct Running: Sendable {
    var trial: Trial
    var lease: Lease
    var cancellation: CancellationFlag
    /// The predicted operations that it adds to those before it.
    var operations: Double
    /// The trials that one worker was handed together.
    var batch: UUID
    /// When it was handed out, by the clock's `seconds`.
    var since: Double
    /// When its lease runs out, by the clock's `seconds`; nil where that ends with the process.
    var expires: Double?
    /// What its holder measured last.
    var lastReport: CurvePoint?
    /// How many steps its holder has told of.
    var reports = 0
  }

  /// How many leases in a row may run out on a trial before that is a failure of its own.
  static let expiredLeaseLimit = 10
  /// The most steps that the holder of a trial may tell of.
  static let reportLimit = 10_000
  /// How many different metrics the trials of a study may have.
  static let metricLimit = 100
  /// How many crashes in a row with the same trial running pause a study.
  static let crashLimit = 10

  let rules: Rules
  var study: Study
  var search: SearchProgress
  /// What ends trials early; nil where nothing does.
  var judging: JudgeLine?
  var running: [Int: Running] = [:]
  /// Trials that wait to be tried again, by number.
  var queued: [Int: Trial] = [:]
  /// Trials that the end of the study cut short.
  var stopped: [Int: Trial] = [:]
  /// Points that were given out to be evaluated before anybody asks for them.
  var ahead: Set<Point> = []
  var failures = FailureRun()
  /// How long ago the best was bettered; nil where nothing depends on it.
  var stall: StallRun?
  /// The number of a trial that has reached the target.
  var reachedTarget: Int?
  /// The failed trials that were tried again by hand: the search goes by their failures.
  var retried: Set<Int> = []
  /// The names of all metrics that callers told of, or that a table had.
  var metricNames: Set<String> = []
  var costs = CostSums()
  var workload = Workload()
  /// Since when `study.elapsedSeconds` is to be counted on, by the clock's `seconds`; nil while it is not running.
  var runningSince: Double?
  /// Whether the trials are known; else only what changes the study's row alone may be asked.
  var knowsTrials: Bool
  var isDeleted = false
  /// The service is stopping: nothing is handed out any more.
  var isClosed = false
  /// Whether an event needs more of the trials than is known here: once its changes are stored, all are read.
  var mustBeReadAnew = false
  var changes: [StoreChange] = []
  var cancellations: [CancellationFlag] = []
  /// Whether the study's row is to be stored.
  var studyChanged = false

  /// Begins before the first trial; where the trials are not known, no time is counted.
  init(_ study: Study, rules: Rules, knowsTrials: Bool, at moment: Moment) {
    self.rules = rules
    self.study = study
    self.knowsTrials = knowsTrials
    judging = JudgeLine(study.resolved)
    search = SearchProgress(
      rules.algorithm(study.resolved), initial: study.resolved.initialPoints, taken: study.resolved.passedOver,
      waitsWith: judging == nil ? nil : study.resolved.parallelism, confirm: study.confirm, budget: study.budget.trials)
    retried = Set(study.edits.compactMap(\.retried))
    for edit in study.edits { search.replay(edit, of: study.resolved.space) }
    // An edit is in force for the numbers that are still to come; those that are stored have their horizons with them.
    if study.parallelism != study.resolved.parallelism { search.setParallelism(study.parallelism) }
    runningSince = knowsTrials && study.state == .running ? moment.seconds : nil
    stall = knowsTrials && study.budget.stallTrials != nil ? StallRun(maximize: study.resolved.goal == .maximize) : nil
  }

  /// What is to be stored of all events since the last call, in one transaction.
  mutating func takeChanges(at moment: Moment) -> [StoreChange] {
    if studyChanged {
      study.revision += 1
      study.updatedAt = date(moment)
      bringElapsedUpToDate(at: moment)
      // Last, so that a listener that stops at the study's end knows of its trials.
      changes.append(.updateStudy(study))
    }
    defer { (changes, studyChanged) = ([], false) }
    return changes
  }

  /// Whose work is not wanted any more since the last call.
  mutating func takeCancellations() -> [CancellationFlag] {
    defer { cancellations = [] }
    return cancellations
  }

  /// Counts the time up to now into `elapsed_seconds`.
  mutating func bringElapsedUpToDate(at moment: Moment) {
    if let since = runningSince {
      study.elapsedSeconds += max(0, moment.seconds - since)
      runningSince = moment.seconds
    }
    study.elapsedAt = date(moment)
  }

  /// The time for what is stored: no time of a study or of its trials lies before one that it follows, though the clock be
  /// set back.
  func date(_ moment: Moment) -> Date { max(moment.date, study.updatedAt) }

  /// Changes a trial's state and the study's counts with it.
  mutating func move(_ trial: inout Trial, to state: TrialState) {
    study.counts[trial.state] -= 1
    study.counts[state] += 1
    trial.state = state
    studyChanged = true
  }

  /// Puts a trial in line again, under its number.
  mutating func requeue(_ old: Trial) {
    var trial = old
    // What was told of an attempt that the end of the study cut short is there still.
    if running.removeValue(forKey: trial.number)?.lastReport != nil
      || old.state == .stopped && study.resolved.isExternal
    {
      changes.append(.forgetReports(study: study.id, number: trial.number))
    }
    judging?.restart(trial.number)
    trial.attempt += 1
    trial.worker = nil
    trial.startedAt = nil
    trial.finishedAt = nil
    move(&trial, to: .queued)
    queued[trial.number] = trial
    changes.append(.updateTrial(trial, lease: nil))
  }

  // MARK: What a trial costs

  /// What a trial takes by itself.
  func operations(of suggestion: Suggestion) -> Double {
    rules.costs.operations(study.resolved, at: suggestion.point)
  }

  /// What a trial takes that follows another: of one training with it, what is left to train.
  func operations(of suggestion: Suggestion, after previous: Suggestion?) -> Double {
    let whole = operations(of: suggestion)
    guard let previous, isOneTraining(previous, suggestion) else { return whole }
    let before = operations(of: previous)
    return whole > before ? whole - before : whole
  }

  /// Whether two trials are one training that ends at different iterations.
  func isOneTraining(_ trial: Suggestion, _ suggestion: Suggestion) -> Bool {
    guard trial.replicate == suggestion.replicate, let progress = rules.costs.progressSetting(study.resolved)
    else { return false }
    var (point, other) = (trial.point, suggestion.point)
    point[progress] = nil
    other[progress] = nil
    return point == other
  }
}
