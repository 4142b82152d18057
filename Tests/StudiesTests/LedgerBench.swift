import Foundation
import JSONText
import PruningRules
import SearchAlgorithms
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// A ledger, the time of its next event, and what a store would have of its changes: all of it values.
struct LedgerBench {
  /// A trial costs its setting `a`; trials that differ in `progress` alone are one training.
  struct Costs: TrialCosts {
    var progress: String?
    func progressSetting(_ definition: ResolvedDefinition) -> String? { progress }
    func operations(_ definition: ResolvedDefinition, at point: Point) -> Double { point["a"]?.number ?? 1 }
  }

  let rules: StudyLedger.Rules
  var ledger: StudyLedger
  var moment = Moment(date: Date(timeIntervalSince1970: 1_800_000_000), seconds: 1000)
  /// What is stored; no study once it was deleted.
  private(set) var study: Study?
  private(set) var trials: [Int: Trial] = [:]
  private(set) var leases: [Int: Lease] = [:]
  private(set) var curves: [Int: LearningCurve] = [:]
  private(set) var reports: [Int: [CurvePoint]] = [:]
  /// What was stored last: `+3` a new trial, `3 failed` a change of one, and so on.
  private(set) var stored: [String] = []
  /// What decides between equal means, as it was stored with each trial's scores.
  private(set) var tieBreaks: [Int: Double] = [:]
  /// The points that are left after the last round of new runs.
  private(set) var left: [Point] = []
  /// How many pieces of running work were cancelled last.
  private(set) var cancelled = 0

  /// Begins a study that was just made.
  init(
    _ definition: JSONValue, progress: String? = nil, numerics: Int = 1,
    algorithm: @escaping @Sendable (ResolvedDefinition) -> any SearchAlgorithm = StudySupervisor.catalogued
  ) throws {
    var context = StudyBench.context
    context.numerics = numerics
    let validator = DefinitionValidator(context: context)
    rules = StudyLedger.Rules(
      costs: Costs(progress: progress), validator: validator, algorithm: algorithm)
    let study = Study(
      id: UUID(), definition: definition, resolved: try validator.resolve(definition) { "s" }, at: moment.date)
    ledger = StudyLedger(study, rules: rules, knowsTrials: true, at: moment)
    ledger.settle(at: moment)
    self.study = study
  }

  /// Time passes, by both clocks.
  mutating func pass(_ seconds: Double) {
    moment.date += seconds
    moment.seconds += seconds
  }

  /// Stores what has changed.
  mutating func store() {
    cancelled = ledger.takeCancellations().count
    stored = []
    for change in ledger.takeChanges(at: moment) {
      switch change {
      case .insertStudy(let new): study = new
      case .updateStudy(let new):
        stored.append("study")
        study = new
      case .deleteStudy:
        stored.append("delete")
        (study, trials, leases) = (nil, [:], [:])
      case .insertComparison, .deleteComparison: break
      case .insertTrial(let trial, let lease):
        stored.append("+\(trial.number)")
        #expect(trials.updateValue(trial, forKey: trial.number) == nil, "trial \(trial.number) is new twice")
        leases[trial.number] = lease
      case .updateTrial(let trial, let lease):
        stored.append("\(trial.number) \(trial.state)")
        #expect(trials.updateValue(trial, forKey: trial.number) != nil, "trial \(trial.number) was never new")
        leases[trial.number] = lease
      case .renewLease(let lease, _, let number):
        stored.append("lease \(number)")
        leases[number] = lease
      case .report(_, let number, let point):
        stored.append("report \(number) \(point.step)")
        reports[number, default: []].append(point)
      case .forgetReports(_, let number):
        stored.append("forget \(number)")
        reports[number] = nil
      case .log(let piece): stored.append("log \(piece.number) \(piece.start)")
      case .metricName(let name, _): stored.append("metric \(name)")
      case .curve(_, let number, let curve):
        stored.append("curve \(number)")
        curves[number] = curve
      case .score(let trial, let tieBreak):
        stored.append("score \(trial.number)")
        tieBreaks[trial.number] = tieBreak
      case .stillIn(_, let points):
        stored.append("still in \(points.count)")
        left = points
      case .evaluation: stored.append("evaluation")
      }
    }
  }

  // MARK: Events, each stored

  @discardableResult
  mutating func lease(to worker: Worker = "w") -> [TrialAssignment] {
    defer { store() }
    return ledger.lease(to: worker, at: moment)
  }

  @discardableResult
  mutating func report(
    _ trials: [TrialAssignment], _ outcome: (TrialAssignment) -> TrialReport, leaseFor worker: Worker? = nil
  ) -> [TrialAssignment] {
    defer { store() }
    let report = WorkReport(trials: Dictionary(uniqueKeysWithValues: trials.map { ($0.number, outcome($0)) }))
    return ledger.report(trials, report, leaseFor: worker, at: moment)
  }

  /// Works with one worker until there is no work, or `count` trials were reported.
  mutating func work(_ count: Int = .max, _ outcome: (TrialAssignment) -> TrialReport = { StudyBench.outcome($0) }) {
    var reported = 0
    while reported < count {
      let trials = lease()
      if trials.isEmpty { return }
      reported += trials.count
      report(trials, outcome)
    }
  }

  mutating func edit(_ patch: JSONValue) throws {
    defer { store() }
    _ = try ledger.edit(patch, revision: nil, at: moment)
  }

  mutating func confirm(_ trials: Int, confidence: Double = 0.95) throws {
    defer { store() }
    _ = try ledger.confirm(ConfirmDefinition(trials: trials, confidence: confidence), revision: nil, at: moment)
    store()
    guard ledger.mustBeReadAnew else { return }
    ledger = try replayed(held: ledger.running)
    ledger.settle(at: moment)
  }

  mutating func wake() {
    ledger.settle(at: moment)
    store()
  }

  // MARK: What is stored

  /// A ledger of what is stored; `held`: what workers still have.
  func replayed(held: [Int: StudyLedger.Running]) throws -> StudyLedger {
    var replay = StudyReplay(try #require(study), rules: rules, held: held, at: moment)
    for (_, trial) in trials.sorted(by: { $0.key < $1.key }) {
      replay.add(trial, curves[trial.number] ?? reports[trial.number].map { LearningCurve($0) })
    }
    return replay.finish()
  }

  /// Number, parameters, state and value of every trial.
  var table: [String] {
    trials.values.sorted { $0.number < $1.number }.map {
      "\($0.number) \($0.point.key) \($0.state) \($0.value.map { "\($0)" } ?? "-")"
    }
  }

  /// What must hold after every event that was stored.
  func check(_ comment: Comment? = nil) {
    guard let study else { return }
    for state in TrialState.allCases {
      #expect(study.counts[state] == trials.values.count { $0.state == state }, comment)
    }
    #expect(Set(trials.keys) == Set(1..<trials.count + 1), comment)
    // A lease is stored of what runs, and of nothing else.
    #expect(leases == ledger.running.mapValues(\.lease), comment)
    #expect(ledger.running.mapValues(\.trial) == trials.filter { $0.value.state == .running }, comment)
    #expect(ledger.queued == trials.filter { $0.value.state == .queued }, comment)
    #expect(ledger.study == study, comment)
    #expect(!study.state.isFinished || ledger.running.isEmpty && ledger.queued.isEmpty, comment)
    #expect(study.state.isFinished == (study.finishedAt != nil && study.stopReason != nil), comment)
  }
}

/// That two ledgers are the same but for what no store keeps: points evaluated ahead, and how long trials kept workers busy.
func expectSame(_ one: StudyLedger, _ other: StudyLedger, _ comment: Comment? = nil) {
  #expect(one.study == other.study, comment)
  #expect(one.running.mapValues(\.trial) == other.running.mapValues(\.trial), comment)
  #expect(one.running.mapValues(\.lease) == other.running.mapValues(\.lease), comment)
  #expect(one.running.mapValues(\.since) == other.running.mapValues(\.since), comment)
  #expect(one.queued == other.queued, comment)
  #expect(one.stopped == other.stopped, comment)
  #expect(one.failures.inARow == other.failures.inARow, comment)
  #expect(one.search.highest == other.search.highest, comment)
  #expect(one.search.last == other.search.last, comment)
  #expect(one.search.known == other.search.known, comment)
  #expect(one.search.unobserved == other.search.unobserved, comment)
  #expect(one.descents == other.descents, comment)
  let likely = [one, other].map { ledger in
    var search = ledger.search
    return (0..<5).reduce(into: [Point]()) { points, _ in
      if let point = search.likelyPoint(besides: Set(points), numbers: 10) { points.append(point) }
    }
  }
  #expect(likely[0] == likely[1], comment)
  let verdicts = [one, other].map { ledger in
    ledger.running.keys.sorted().map { number in
      (1...9).map { value in
        ledger.running[number].flatMap { ledger.judging?.judge(of: $0.trial) }?.firstVerdict(
          in: JudgedCurve((1...8).map { ($0, Double(value) / 10) }))
      }
    }
  }
  #expect(verdicts[0] == verdicts[1], comment)
  #expect(one.judging?.guess.horizon == other.judging?.guess.horizon, comment)
  if one.isClosed == other.isClosed { #expect(one.hasWork == other.hasWork, comment) }
  #expect(one.costs.count == other.costs.count, comment)
}
