import Foundation
import HTTPMessages
import JSONText
import Promises
import SearchSpace
import Studies
import StudyDefinitions
import TestSupport
import Testing

@testable import TuningAPI

/// What a caller is told where the store cannot be read.
@Suite struct FailingStoreTests {
  /// A store whose every read and commit is refused.
  private struct FailingStore: StudyStore {
    let error: StoreError
    let bell = JournalBell()

    func commit(_ changes: [StoreChange]) async throws(StoreError) -> Int { throw error }
    func unfinishedStudies() async throws(StoreError) -> [Study] { throw error }
    func study(named name: String) async throws(StoreError) -> Snapshot<Study>? { throw error }
    func study(id: UUID) async throws(StoreError) -> Study? { throw error }
    func studies(
      _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
    ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>> { throw error }
    func summaries(
      _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
    ) async throws(StoreError) -> Snapshot<Page<StudySummary, StudyKey>> { throw error }
    func comparison(named name: String) async throws(StoreError) -> Snapshot<ComparisonState>? { throw error }
    func comparisons(
      after: StudyKey?, limit: Int
    ) async throws(StoreError) -> Snapshot<Page<ComparisonRow, StudyKey>> { throw error }
    func totals() async throws(StoreError) -> StudyTotals { throw error }
    func trial(study: UUID, number: Int) async throws(StoreError) -> Snapshot<Trial>? { throw error }
    func trials(
      study: UUID, _ query: TrialFilter, after: TrialKey?, limit: Int
    ) async throws(StoreError) -> Snapshot<Page<Trial, TrialKey>> { throw error }
    func trialRows(
      study: UUID, states: Set<TrialState>, beyond number: Int, limit: Int
    ) async throws(StoreError) -> TrialRows? { throw error }
    func curve(study: UUID, number: Int) async throws(StoreError) -> LearningCurve { throw error }
    func curves(study: UUID, numbers: [Int]) async throws(StoreError) -> Snapshot<[Int: LearningCurve]> { throw error }
    func leases(study: UUID) async throws(StoreError) -> [Int: Lease] { throw error }
    func reports(study: UUID, numbers: [Int]) async throws(StoreError) -> [Int: LearningCurve] { throw error }
    func lastReports(study: UUID) async throws(StoreError) -> [Int: ReportTail] { throw error }
    func output(
      study: UUID, number: Int, attempt: Int?, from start: Int
    ) async throws(StoreError) -> TrialOutput? { throw error }
    func number(of point: Point, study: UUID) async throws(StoreError) -> Int? { throw error }
    func metricNames(study: UUID) async throws(StoreError) -> [String] { throw error }
    func bestPoints(
      study: UUID, maximize: Bool, count: Int
    ) async throws(StoreError) -> Snapshot<[BestPoint]> { throw error }
    func repeatedPoints(
      study: UUID, maximize: Bool, count: Int
    ) async throws(StoreError) -> [RepeatedPoint] { throw error }
    func leaders(of studies: [UUID]) async throws(StoreError) -> [UUID: BestPoint] { throw error }
    func evaluations(
      _ keys: [EvaluationKey]
    ) async throws(StoreError) -> [EvaluationKey: RecordedEvaluation] { throw error }
    func position() async throws(StoreError) -> Int { throw error }
    func journal(study: UUID?, beyond position: Int, limit: Int) async throws(StoreError) -> JournalPage { throw error }
  }

  /// What was logged.
  private let lines = Locked<[String]>([])

  private func caller(_ error: StoreError) -> Caller {
    Caller(
      store: FailingStore(error: error),
      change: { [lines] configuration in configuration.log = { line in lines.withLock { $0.append(line) } } })
  }

  /// Requests that read the store, one of each route and method that does.
  private static let requests = [
    ("GET", "/v1/studies"), ("GET", "/v1/studies/a"), ("PATCH", "/v1/studies/a"), ("DELETE", "/v1/studies/a"),
    ("POST", "/v1/studies/a/pause"), ("POST", "/v1/studies/a/resume"), ("POST", "/v1/studies/a/stop"),
    ("GET", "/v1/studies/a/best"), ("GET", "/v1/studies/a/trials"), ("GET", "/v1/studies/a/trials/1"),
    ("GET", "/v1/studies/a/trials/1/model"), ("POST", "/v1/studies/a/trials/1/predict"),
    ("GET", "/v1/studies/a/trials.csv"), ("GET", "/v1/studies/a/curves?numbers=1"), ("GET", "/v1/studies/a/columns"),
    ("GET", "/v1/studies/a/restarts"),
    ("GET", "/v1/studies/a/events"), ("GET", "/readyz"), ("GET", "/metrics"),
  ]

  @Test func everyRouteSaysSoAndNothingIsToldOfHow() async throws {
    let caller = caller(.failure("a secret of the machine"))
    for (method, path) in Self.requests {
      let answer = try await caller.call(method, path, body: method == "PATCH" ? "{}" : "")
      #expect(answer.status == 503 && answer.headers["Retry-After"] == "1", "\(method) \(path): \(answer.status)")
      #expect(!String(decoding: answer.body, as: UTF8.self).contains("secret"), "\(method) \(path)")
    }
    let made = try await caller.call("POST", "/v1/studies", body: StudyBench.definition("a").text)
    #expect(made.status == 503)
    let logged = lines.value
    #expect(logged.count >= Self.requests.count && logged.allSatisfy { $0.contains("a secret of the machine") })
  }

  @Test(arguments: [
    (StoreError.diskFull, "The disk is full; nothing was changed."), (.unavailable("It rests."), "It rests."),
    (.corrupt("page 7"), "The database is damaged; nothing was changed."), (.interrupted, "The service is stopping."),
  ])
  func aCallerIsToldWhatItCanUse(_ error: StoreError, _ detail: String) async throws {
    let caller = caller(error)
    for (method, path) in Self.requests {
      let answer = try await caller.call(method, path, body: method == "PATCH" ? "{}" : "")
      #expect(answer.status == 503, "\(method) \(path)")
      #expect(try JSONValue(parsing: answer.body)["detail"]?.stringValue == detail, "\(method) \(path)")
    }
    // The store tells of these by itself, once.
    #expect(lines.value.isEmpty)
  }

  @Test func whatNeedsNoStoreIsAnswered() async throws {
    let caller = caller(.diskFull)
    for path in ["/healthz", "/openapi.json", "/v1/models", "/v1/algorithms", "/v1/workers", "/v1/datasets/toy"] {
      #expect(try await caller.call("GET", path).status == 200, "\(path)")
    }
  }
}
