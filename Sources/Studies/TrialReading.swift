import Foundation
import SearchSpace

/// The end of what the holder of a running trial has told of.
public struct ReportTail: Sendable, Hashable {
  /// The last step.
  public var last: CurvePoint
  /// How many steps there are.
  public var count: Int
  /// Makes one.
  public init(last: CurvePoint, count: Int) {
    self.last = last
    self.count = count
  }
}

/// Reading trials, their curves and the points that they tried.
///
/// Every read goes along an index: it costs what it gives, whatever the number of trials.
public protocol TrialReading: Sendable {
  /// A trial, nil where there is none. Cost: one row.
  func trial(study: UUID, number: Int) async throws(StoreError) -> Snapshot<Trial>?
  /// The next `limit` trials after a key. Cost: the page; of several states, `limit` numbers of each.
  func trials(
    study: UUID, _ query: TrialFilter, after: TrialKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Trial, TrialKey>>
  /// The next `limit` trials beyond a number, of these states (none: of all), in order of number, as they are stored; nil
  /// where there is no such study. Cost: the page, of which nothing is parsed.
  func trialRows(
    study: UUID, states: Set<TrialState>, beyond number: Int, limit: Int
  ) async throws(StoreError) -> TrialRows?
  /// What comparisons read of the next `limit` trials beyond a number, in order of number, with the number of one setting of
  /// their points; empty where no trial follows. Cost: the page.
  func briefs(
    study: UUID, setting: String?, beyond number: Int, limit: Int
  ) async throws(StoreError) -> [TrialBrief]
  /// The curve of a trial, steps ascending; empty where it has none. Cost: the curve.
  func curve(study: UUID, number: Int) async throws(StoreError) -> LearningCurve
  /// The leases of a study's running trials, by number. Cost: one row for each.
  func leases(study: UUID) async throws(StoreError) -> [Int: Lease]
  /// What the holders of a study's running trials measured last, and how often they told of it, by number. Cost: a few
  /// rows for each trial that runs.
  func lastReports(study: UUID) async throws(StoreError) -> [Int: ReportTail]
  /// The first trial of a point, nil where it has none. Cost: one row.
  func number(of point: Point, study: UUID) async throws(StoreError) -> Int?
  /// What is kept of the last attempt's output that was told, from a place of it on; nil where there is nothing. Cost: what
  /// is given.
  func output(study: UUID, number: Int, attempt: Int?, from start: Int) async throws(StoreError) -> TrialOutput?
  /// All that callers told of those trials at their steps, ascending, by number; nothing of a trial of which nobody did.
  /// Cost: every report.
  func reports(study: UUID, numbers: [Int]) async throws(StoreError) -> [Int: LearningCurve]
  /// The names of all metrics that callers told of, in order of name. Cost: the names.
  func metricNames(study: UUID) async throws(StoreError) -> [String]
  /// The curves of those trials that exist, by number; one that has none yet is empty. Cost: the curves.
  func curves(study: UUID, numbers: [Int]) async throws(StoreError) -> Snapshot<[Int: LearningCurve]>
  /// The best points: best mean first, equal ones by the mean of what `StoreChange.score` told of their trials
  /// (smaller first, those without it last), then by first trial.
  ///
  /// Of each, the first `BestPoint.mostTrials` trials. Cost: the points that are given, and their trials.
  func bestPoints(study: UUID, maximize: Bool, count: Int) async throws(StoreError) -> Snapshot<[BestPoint]>
  /// The best points with two scores or more, in the order of `bestPoints`, with what their trials scored. Cost: the points
  /// that are given, and the first `BestPoint.mostTrials` trials of each.
  func repeatedPoints(study: UUID, maximize: Bool, count: Int) async throws(StoreError) -> [RepeatedPoint]
  /// The best point of each of these studies that has one, by their goals. Cost: one point for each study.
  func leaders(of studies: [UUID]) async throws(StoreError) -> [UUID: BestPoint]
}

extension TrialReading {
  /// From whole trials, for stores that have no shorter way.
  public func briefs(
    study: UUID, setting: String?, beyond number: Int, limit: Int
  ) async throws(StoreError) -> [TrialBrief] {
    let page = try await trials(
      study: study, TrialFilter(), after: TrialKey(number: number, value: nil), limit: limit)
    return page.value.items.map { TrialBrief($0, setting: setting) }
  }
}
