import Foundation
import Studies

/// The store's reads for the routes: what fails is logged, and is a problem that the caller can be told.
struct StoreReader: Sendable {
  let store: any StudyStore
  let log: @Sendable (String) -> Void

  /// Logs what the caller is not told, and gives what it is told.
  func problem(_ error: StoreError) -> APIProblem {
    // A read that was given up because its caller has gone, or the service stops, is no failure; and what keeps every
    // change from being stored the store tells of by itself, once.
    if !Task.isCancelled, case .failure = error { log("the store failed: \(error)") }
    return APIProblem(.store(error))
  }

  /// A study; 404 where there is none of the name.
  func study(_ name: String) async throws(APIProblem) -> Snapshot<Study> {
    let found: Snapshot<Study>?
    do { found = try await store.study(named: name) } catch { throw problem(error) }
    guard let found else { throw APIProblem(.unknownStudy(name)) }
    return found
  }

  func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int
  ) async throws(APIProblem) -> Snapshot<Page<Study, StudyKey>> {
    do { return try await store.studies(filter, after: after, limit: limit) } catch { throw problem(error) }
  }

  func summaries(
    _ filter: StudyFilter, after: StudyKey?, limit: Int
  ) async throws(APIProblem) -> Snapshot<Page<StudySummary, StudyKey>> {
    do { return try await store.summaries(filter, after: after, limit: limit) } catch { throw problem(error) }
  }

  /// A trial by its number as a path has it; 404 where there is none, or the text is no number.
  func trial(_ text: String, of study: Study) async throws(APIProblem) -> Snapshot<Trial> {
    guard let number = Int(text), number >= 1, "\(number)" == text else {
      throw .notFound("There is no trial \(text); trials are numbered from 1.")
    }
    let found: Snapshot<Trial>?
    do { found = try await store.trial(study: study.id, number: number) } catch { throw problem(error) }
    guard let found else { throw .notFound("Study \(study.name) has no trial \(number).") }
    return found
  }

  func trials(
    of study: Study, _ query: TrialFilter, after: TrialKey?, limit: Int
  ) async throws(APIProblem) -> Snapshot<Page<Trial, TrialKey>> {
    do { return try await store.trials(study: study.id, query, after: after, limit: limit) } catch {
      throw problem(error)
    }
  }

  func trialRows(
    of study: Study, _ states: Set<TrialState>, beyond number: Int, limit: Int
  ) async throws(APIProblem) -> TrialRows? {
    do { return try await store.trialRows(study: study.id, states: states, beyond: number, limit: limit) } catch {
      throw problem(error)
    }
  }

  func briefs(
    of study: UUID, setting: String?, beyond number: Int, limit: Int
  ) async throws(APIProblem) -> [TrialBrief] {
    do { return try await store.briefs(study: study, setting: setting, beyond: number, limit: limit) } catch {
      throw problem(error)
    }
  }

  /// A comparison; 404 where there is none of the name.
  func comparison(_ name: String) async throws(APIProblem) -> Snapshot<ComparisonState> {
    let found: Snapshot<ComparisonState>?
    do { found = try await store.comparison(named: name) } catch { throw problem(error) }
    guard let found else { throw APIProblem(.unknownComparison(name)) }
    return found
  }

  func comparisons(after: StudyKey?, limit: Int) async throws(APIProblem) -> Snapshot<Page<ComparisonRow, StudyKey>> {
    do { return try await store.comparisons(after: after, limit: limit) } catch { throw problem(error) }
  }

  func output(of trial: Trial, attempt: Int?, from start: Int) async throws(APIProblem) -> TrialOutput? {
    do {
      return try await store.output(study: trial.study, number: trial.number, attempt: attempt, from: start)
    } catch { throw problem(error) }
  }

  func metricNames(of study: Study) async throws(APIProblem) -> [String] {
    do { return try await store.metricNames(study: study.id) } catch { throw problem(error) }
  }

  func curve(of trial: Trial) async throws(APIProblem) -> LearningCurve {
    do { return try await store.curve(study: trial.study, number: trial.number) } catch { throw problem(error) }
  }

  func curves(of study: Study, _ numbers: [Int]) async throws(APIProblem) -> Snapshot<[Int: LearningCurve]> {
    do { return try await store.curves(study: study.id, numbers: numbers) } catch { throw problem(error) }
  }

  /// The best points by the study's goal.
  func bestPoints(of study: Study, count: Int) async throws(APIProblem) -> Snapshot<[BestPoint]> {
    let maximize = study.resolved.goal == .maximize
    do { return try await store.bestPoints(study: study.id, maximize: maximize, count: count) } catch {
      throw problem(error)
    }
  }

  /// The best points with two scores or more, by the study's goal.
  func repeatedPoints(of study: Study) async throws(APIProblem) -> [RepeatedPoint] {
    let maximize = study.resolved.goal == .maximize
    do { return try await store.repeatedPoints(study: study.id, maximize: maximize, count: RepeatedPoint.most) } catch {
      throw problem(error)
    }
  }

  func leaders(of studies: [Study]) async throws(APIProblem) -> [UUID: BestPoint] {
    do { return try await store.leaders(of: studies.map(\.id)) } catch { throw problem(error) }
  }

  func totals() async throws(APIProblem) -> StudyTotals {
    do { return try await store.totals() } catch { throw problem(error) }
  }

  func position() async throws(APIProblem) -> Int {
    do { return try await store.position() } catch { throw problem(error) }
  }
}
