import Foundation
import SearchSpace
import Studies

/// A store that refuses one commit in every few.
public final class FlakyStudyStore: StudyStore {
  /// Which commits are refused.
  public actor Failures {
    private var period = 0
    private var count = 0
    /// Commits that were let through and are not stored yet.
    fileprivate var underWay = 0

    /// Refuses every `period`-th commit from now on; 0 refuses none.
    public func set(every period: Int) { self.period = period }

    /// Whether the next commit is refused; one that is not ends by `stored()`.
    func next() -> Bool {
      count += 1
      let refused = period > 0 && count % period == 0
      underWay += refused ? 0 : 1
      return refused
    }

    func stored() { underWay -= 1 }
  }

  private let base: any StudyStore
  private let afterTrial: @Sendable () async -> Void
  /// Which commits are refused.
  public let failures = Failures()

  /// Makes a store that keeps what it keeps in another; `afterTrial` runs once a trial was read, before its reader has it.
  public init(_ base: any StudyStore, afterTrial: @escaping @Sendable () async -> Void = {}) {
    self.base = base
    self.afterTrial = afterTrial
  }

  /// Refuses every commit from now on, as a service that was killed stores nothing more.
  public func die() async {
    await failures.set(every: 1)
    while await failures.underWay > 0 { try? await Task.sleep(for: .milliseconds(1)) }
  }

  public func commit(_ changes: [StoreChange]) async throws(StoreError) -> Int {
    if await failures.next() { throw .diskFull }
    let outcome: Result<Int, StoreError>
    do throws(StoreError) { outcome = .success(try await base.commit(changes)) } catch { outcome = .failure(error) }
    await failures.stored()
    return try outcome.get()
  }

  public func comparison(named name: String) async throws(StoreError) -> Snapshot<ComparisonState>? {
    try await base.comparison(named: name)
  }
  public func comparisons(
    after: StudyKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<ComparisonRow, StudyKey>> {
    try await base.comparisons(after: after, limit: limit)
  }
  public func reports(study: UUID, numbers: [Int]) async throws(StoreError) -> [Int: LearningCurve] {
    try await base.reports(study: study, numbers: numbers)
  }
  public func lastReports(study: UUID) async throws(StoreError) -> [Int: ReportTail] {
    try await base.lastReports(study: study)
  }
  public func output(
    study: UUID, number: Int, attempt: Int?, from start: Int
  ) async throws(StoreError) -> TrialOutput? {
    try await base.output(study: study, number: number, attempt: attempt, from: start)
  }
  public func number(of point: Point, study: UUID) async throws(StoreError) -> Int? {
    try await base.number(of: point, study: study)
  }
  public func metricNames(study: UUID) async throws(StoreError) -> [String] { try await base.metricNames(study: study) }
  public var bell: JournalBell { base.bell }
  public func journal(study: UUID?, beyond position: Int, limit: Int) async throws(StoreError) -> JournalPage {
    try await base.journal(study: study, beyond: position, limit: limit)
  }
  public func unfinishedStudies() async throws(StoreError) -> [Study] { try await base.unfinishedStudies() }
  public func study(named name: String) async throws(StoreError) -> Snapshot<Study>? {
    try await base.study(named: name)
  }
  public func study(id: UUID) async throws(StoreError) -> Study? { try await base.study(id: id) }
  public func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>> {
    try await base.studies(filter, after: after, limit: limit, bytes: bytes)
  }
  public func summaries(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<StudySummary, StudyKey>> {
    try await base.summaries(filter, after: after, limit: limit, bytes: bytes)
  }
  public func leaders(of studies: [UUID]) async throws(StoreError) -> [UUID: BestPoint] {
    try await base.leaders(of: studies)
  }
  public func trial(study: UUID, number: Int) async throws(StoreError) -> Snapshot<Trial>? {
    let found = try await base.trial(study: study, number: number)
    await afterTrial()
    return found
  }
  public func trials(
    study: UUID, _ query: TrialFilter, after: TrialKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Trial, TrialKey>> {
    try await base.trials(study: study, query, after: after, limit: limit)
  }
  public func curve(study: UUID, number: Int) async throws(StoreError) -> LearningCurve {
    try await base.curve(study: study, number: number)
  }
  public func trialRows(
    study: UUID, states: Set<TrialState>, beyond number: Int, limit: Int
  ) async throws(StoreError) -> TrialRows? {
    try await base.trialRows(study: study, states: states, beyond: number, limit: limit)
  }
  public func curves(study: UUID, numbers: [Int]) async throws(StoreError) -> Snapshot<[Int: LearningCurve]> {
    try await base.curves(study: study, numbers: numbers)
  }
  public func leases(study: UUID) async throws(StoreError) -> [Int: Lease] { try await base.leases(study: study) }
  public func totals() async throws(StoreError) -> StudyTotals { try await base.totals() }
  public func evaluations(
    _ keys: [EvaluationKey]
  ) async throws(StoreError) -> [EvaluationKey: RecordedEvaluation] {
    try await base.evaluations(keys)
  }
  public func bestPoints(
    study: UUID, maximize: Bool, count: Int
  ) async throws(StoreError) -> Snapshot<[BestPoint]> {
    try await base.bestPoints(study: study, maximize: maximize, count: count)
  }
  public func repeatedPoints(
    study: UUID, maximize: Bool, count: Int
  ) async throws(StoreError) -> [RepeatedPoint] {
    try await base.repeatedPoints(study: study, maximize: maximize, count: count)
  }
  public func position() async throws(StoreError) -> Int { try await base.position() }
}
