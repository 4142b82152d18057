import Foundation
import SearchSpace
import Studies

/// A store in memory, as plain as can be: what the real ones are held against.
public actor MemoryStudyStore: StudyStore {
  private var studies: [UUID: Study] = [:]
  private var trials: [UUID: [Int: Trial]] = [:]
  private var leases: [UUID: [Int: Lease]] = [:]
  private var curves: [UUID: [Int: LearningCurve]] = [:]
  private var reports: [UUID: [Int: [Int: CurvePoint]]] = [:]
  private var outputs: [[String]: TrialOutput] = [:]
  private var names: [UUID: Set<String>] = [:]
  private var record: [EvaluationKey: RecordedEvaluation] = [:]
  /// The points that are left after the last round of new runs.
  private var left: [UUID: Set<Point>] = [:]
  private var scored: [UUID: [(trial: Trial, tieBreak: Double?)]] = [:]
  private var comparisons: [UUID: StoredComparison] = [:]
  private var entries: [JournalEntry] = []
  private var journal: Int { entries.count }
  /// Rings after each commit.
  public nonisolated let bell = JournalBell()

  public init() {}

  public func commit(_ changes: [StoreChange]) async throws(StoreError) -> Int {
    for case .insertComparison(let comparison) in changes
    where comparisons.values.contains(where: { $0.name == comparison.name }) {
      throw .comparisonTaken(comparison.name)
    }
    for case .insertStudy(let study) in changes where studies.values.contains(where: { $0.name == study.name }) {
      throw .nameTaken(study.name)
    }
    for case .insertTrial(let trial, _) in changes {
      let others = trials[trial.study] ?? [:]
      if others[trial.number] != nil
        || others.values.contains(where: { $0.point == trial.point && $0.replicate == trial.replicate })
      {
        throw .trialTaken
      }
    }
    for change in changes {
      switch change {
      case .insertStudy(let study), .updateStudy(let study):
        studies[study.id] = study
        note(.study, study.id)
      case .insertComparison(let comparison): comparisons[comparison.id] = comparison
      case .deleteComparison(let id): comparisons[id] = nil
      case .deleteStudy(let id, _):
        if studies[id] == nil { continue }
        note(.deleted, id)
        studies[id] = nil
        trials[id] = nil
        leases[id] = nil
        curves[id] = nil
        reports[id] = nil
        names[id] = nil
        scored[id] = nil
        left[id] = nil
      case .insertTrial(let trial, let lease): put(trial, lease)
      case .updateTrial(let trial, let lease): put(trial, lease)
      case .renewLease(let lease, let study, let number): leases[study, default: [:]][number] = lease
      case .report(let study, let number, let point):
        reports[study, default: [:]][number, default: [:]][point.step] = point
      case .forgetReports(let study, let number): reports[study]?[number] = nil
      case .log(let piece):
        let key = [piece.study.uuidString, "\(piece.number)"]
        var output = outputs[key] ?? TrialOutput(attempt: piece.attempt, start: piece.start, bytes: [])
        if output.attempt < piece.attempt {
          output = TrialOutput(attempt: piece.attempt, start: piece.start, bytes: [])
        }
        output.bytes += piece.bytes.dropFirst(max(0, output.end - piece.start))
        outputs[key] = output
      case .metricName(let name, let study): names[study, default: []].insert(name)
      case .curve(let study, let number, let curve): curves[study, default: [:]][number] = curve
      case .score(let trial, let tieBreak): scored[trial.study, default: []].append((trial, tieBreak))
      case .stillIn(let study, let points): left[study] = Set(points)
      case .evaluation(let evaluation):
        var kept = record[evaluation.key] ?? evaluation
        if kept.folds.isEmpty { kept.folds = evaluation.folds }
        record[evaluation.key] = kept
      }
    }
    bell.ring(journal)
    return journal
  }

  private func put(_ trial: Trial, _ lease: Lease?) {
    trials[trial.study, default: [:]][trial.number] = trial
    leases[trial.study, default: [:]][trial.number] = lease
    note(.trial, trial.study, trial.number)
  }

  private func note(_ kind: JournalEntry.Kind, _ study: UUID, _ number: Int? = nil) {
    entries.append(
      JournalEntry(
        position: journal + 1, kind: kind, study: study, name: studies[study]?.name ?? "", number: number))
  }

  public func journal(study: UUID?, beyond position: Int, limit: Int) async throws(StoreError) -> JournalPage {
    let found = entries.filter { $0.position > position && (study ?? $0.study) == $0.study }.prefix(limit)
    return JournalPage(entries: Array(found), floor: 0, position: journal)
  }

  public func unfinishedStudies() async throws(StoreError) -> [Study] {
    studies.values.filter { !$0.state.isFinished }.sorted { ($0.createdAt, $0.name) < ($1.createdAt, $1.name) }
  }

  public func study(named name: String) async throws(StoreError) -> Snapshot<Study>? {
    studies.values.first { $0.name == name }.map { Snapshot(value: $0, position: journal) }
  }

  public func study(id: UUID) async throws(StoreError) -> Study? { studies[id] }

  public func summaries(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<StudySummary, StudyKey>> {
    page(listed(filter, after: after), limit, bytes: bytes, text: { $0.notes?.string ?? "" }, { $0.summary })
  }

  public func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>> {
    page(
      listed(filter, after: after), limit, bytes: bytes,
      text: { ($0.notes?.string ?? "") + $0.definition.text + $0.resolved.json.text }, { $0 })
  }

  private func listed(_ filter: StudyFilter, after: StudyKey?) -> [Study] {
    studies.values.filter { study in
      (filter.states.isEmpty || filter.states.contains(study.state))
        && filter.labels.allSatisfy { study.labels[$0.key] == $0.value }
        && filter.labelNames.allSatisfy { study.labels[$0] != nil }
        && (filter.dataset ?? study.resolved.dataset) == study.resolved.dataset
        && (filter.algorithm ?? study.resolved.algorithm) == study.resolved.algorithm
        && after.map { (study.createdAt, study.id.uuidString) < ($0.createdAt, $0.id.uuidString) } ?? true
    }.sorted { ($0.createdAt, $0.id.uuidString) > ($1.createdAt, $1.id.uuidString) }
  }

  private func page<Item: Sendable>(
    _ found: [Study], _ limit: Int, bytes: Int, text: (Study) -> String, _ item: (Study) -> Item
  ) -> Snapshot<Page<Item, StudyKey>> {
    var left = bytes
    var taken: [Study] = []
    for study in found.prefix(limit) {
      left -= text(study).utf8.count
      if left < 0, !taken.isEmpty { break }
      taken.append(study)
    }
    let last = taken.count < found.count ? taken.last : nil
    return Snapshot(
      value: Page(items: taken.map(item), next: last.map { StudyKey(createdAt: $0.createdAt, id: $0.id) }),
      position: journal)
  }

  public func comparison(named name: String) async throws(StoreError) -> Snapshot<ComparisonState>? {
    guard let comparison = comparisons.values.first(where: { $0.name == name }) else { return nil }
    return Snapshot(value: ComparisonState(comparison: comparison, studies: studies(of: comparison)), position: journal)
  }

  public func comparisons(
    after: StudyKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<ComparisonRow, StudyKey>> {
    let found = comparisons.values.filter { comparison in
      after.map { (comparison.createdAt, comparison.id.uuidString) < ($0.createdAt, $0.id.uuidString) } ?? true
    }.sorted { ($0.createdAt, $0.id.uuidString) > ($1.createdAt, $1.id.uuidString) }
    let rows = found.map { comparison in
      ComparisonRow(
        id: comparison.id, name: comparison.name, algorithms: comparison.resolved.entries.map(\.name),
        seeds: comparison.resolved.seeds.count,
        studies: Dictionary(grouping: studies(of: comparison), by: \.state).mapValues(\.count),
        createdAt: comparison.createdAt)
    }
    return Snapshot(
      value: Self.page(rows, limit) { StudyKey(createdAt: $0.createdAt, id: $0.id) }, position: journal)
  }

  private func studies(of comparison: StoredComparison) -> [StudySummary] {
    studies.values.map(\.summary).filter { $0.comparison?.comparison == comparison.id }
      .sorted { ($0.comparison?.place ?? 0) < ($1.comparison?.place ?? 0) }
  }

  public func trial(study: UUID, number: Int) async throws(StoreError) -> Snapshot<Trial>? {
    trials[study]?[number].map { Snapshot(value: $0, position: journal) }
  }

  public func trials(
    study: UUID, _ query: TrialFilter, after: TrialKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Trial, TrialKey>> {
    func rank(_ number: Int, _ value: Double?) -> (Double, Int) {
      guard query.order == .value else { return (0, query.isDescending ? -number : number) }
      return (value.map { query.maximize ? -$0 : $0 } ?? .infinity, number)
    }
    let found = (trials[study] ?? [:]).values.filter { trial in
      (query.states.isEmpty || query.states.contains(trial.state))
        && after.map { rank(trial.number, trial.value) > rank($0.number, $0.value) } ?? true
    }.sorted { rank($0.number, $0.value) < rank($1.number, $1.value) }
    return Snapshot(value: Self.page(found, limit) { TrialKey(number: $0.number, value: $0.value) }, position: journal)
  }

  public func curve(study: UUID, number: Int) async throws(StoreError) -> LearningCurve {
    shown(study, number)
  }

  private func shown(_ study: UUID, _ number: Int) -> LearningCurve {
    if let curve = curves[study]?[number] { return curve }
    return LearningCurve((reports[study]?[number] ?? [:]).values.sorted { $0.step < $1.step })
  }

  public func lastReports(study: UUID) async throws(StoreError) -> [Int: ReportTail] {
    (reports[study] ?? [:]).filter { leases[study]?[$0.key]?.outlivesProcess ?? false }.compactMapValues { points in
      points.values.max { $0.step < $1.step }.map { ReportTail(last: $0, count: points.count) }
    }
  }

  public func output(
    study: UUID, number: Int, attempt: Int?, from start: Int
  ) async throws(StoreError) -> TrialOutput? {
    guard var output = outputs[[study.uuidString, "\(number)"]] else { return nil }
    if output.attempt == attempt, output.start < start {
      output.bytes.removeFirst(min(start - output.start, output.bytes.count))
      output.start = start
    }
    return output
  }

  public func number(of point: Point, study: UUID) async throws(StoreError) -> Int? {
    (trials[study] ?? [:]).values.filter { $0.point == point }.map(\.number).min()
  }

  public func reports(study: UUID, numbers: [Int]) async throws(StoreError) -> [Int: LearningCurve] {
    let known = reports[study] ?? [:]
    return Dictionary(
      uniqueKeysWithValues: numbers.compactMap { number in
        known[number].map { (number, LearningCurve($0.values.sorted { $0.step < $1.step })) }
      })
  }

  public func metricNames(study: UUID) async throws(StoreError) -> [String] { (names[study] ?? []).sorted() }

  public func trialRows(
    study: UUID, states: Set<TrialState>, beyond number: Int, limit: Int
  ) async throws(StoreError) -> TrialRows? {
    guard studies[study] != nil else { return nil }
    let found = (trials[study] ?? [:]).values.filter {
      $0.number > number && (states.isEmpty || states.contains($0.state))
    }.sorted { $0.number < $1.number }
    var page = TrialRows()
    page.isLast = found.count <= limit
    for trial in found.prefix(limit) { page.add(trial) }
    return page
  }

  public func curves(study: UUID, numbers: [Int]) async throws(StoreError) -> Snapshot<[Int: LearningCurve]> {
    let known = trials[study] ?? [:]
    let found = numbers.filter { known[$0] != nil }.map { ($0, shown(study, $0)) }
    return Snapshot(value: Dictionary(uniqueKeysWithValues: found), position: journal)
  }

  public func leases(study: UUID) async throws(StoreError) -> [Int: Lease] { leases[study] ?? [:] }

  public func totals() async throws(StoreError) -> StudyTotals {
    var totals = StudyTotals()
    for study in studies.values {
      totals.studies[study.state, default: 0] += 1
      for state in TrialState.allCases { totals.trials[state, default: 0] += study.counts[state] }
    }
    return totals
  }

  public func evaluations(
    _ keys: [EvaluationKey]
  ) async throws(StoreError) -> [EvaluationKey: RecordedEvaluation] {
    record.filter { keys.contains($0.key) }
  }

  public func bestPoints(
    study: UUID, maximize: Bool, count: Int
  ) async throws(StoreError) -> Snapshot<[BestPoint]> {
    Snapshot(value: Array(ranked(study, maximize: maximize).prefix(count)), position: journal)
  }

  public func repeatedPoints(
    study: UUID, maximize: Bool, count: Int
  ) async throws(StoreError) -> [RepeatedPoint] {
    let known = trials[study] ?? [:]
    let repeated = ranked(study, maximize: maximize).filter { $0.runs >= 2 }
    return repeated.prefix(count).map { point -> RepeatedPoint in
      let tried: [Trial] = point.trials.compactMap { known[$0] }.sorted { $0.replicate < $1.replicate }
      let runs = tried.map { RepeatedPoint.Run(replicate: $0.replicate, scores: $0.scores) }
      return RepeatedPoint(trial: point.trials[0], mean: point.mean, runs: runs)
    }
  }

  private func ranked(_ study: UUID, maximize: Bool) -> [BestPoint] {
    let points = Dictionary(grouping: scored[study] ?? [], by: \.trial.point).map { point, entries in
      let trials = entries.map(\.trial)
      let scores = trials.flatMap(\.scores)
      let mean = scores.mean
      let losses = entries.compactMap(\.tieBreak)
      var best = BestPoint(
        point: point, mean: mean, squaredDeviations: scores.map { ($0 - mean) * ($0 - mean) }.reduce(0, +),
        runs: scores.count,
        trials: Array(trials.map(\.number).sorted().prefix(BestPoint.mostTrials)),
        tieBreak: losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count))
      let new = trials.filter { $0.replicate > 0 }.flatMap(\.scores)
      if !new.isEmpty {
        best.confirmed = .init(
          mean: new.mean, squaredDeviations: new.map { ($0 - new.mean) * ($0 - new.mean) }.reduce(0, +),
          runs: new.count, left: max(1, left[study]?.count ?? 0))
      }
      return best
    }
    return points.sorted {
      let isLeft = [$0, $1].map { left[study]?.contains($0.point) ?? false }
      if isLeft[0] != isLeft[1] { return isLeft[0] }
      return (maximize ? -$0.mean : $0.mean, $0.tieBreak ?? .infinity, $0.trials[0])
        < (maximize ? -$1.mean : $1.mean, $1.tieBreak ?? .infinity, $1.trials[0])
    }
  }

  public func leaders(of studies: [UUID]) async throws(StoreError) -> [UUID: BestPoint] {
    var leaders: [UUID: BestPoint] = [:]
    for id in studies {
      guard let study = self.studies[id] else { continue }
      leaders[id] = try await bestPoints(study: id, maximize: study.resolved.goal == .maximize, count: 1).value.first
    }
    return leaders
  }

  public func position() async throws(StoreError) -> Int { journal }

  private static func page<Item: Sendable, Key: Sendable>(
    _ found: [Item], _ limit: Int, key: (Item) -> Key
  ) -> Page<Item, Key> {
    let items = Array(found.prefix(limit))
    return Page(items: items, next: found.count > limit ? items.last.map(key) : nil)
  }
}
