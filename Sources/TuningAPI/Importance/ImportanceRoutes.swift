import Analysis
import Dispatch
import HTTPMessages
import Promises
import Studies
import StudyDefinitions

/// What matters in a study: how much of the objective's variance each parameter explains.
extension TuningAPI {
  var importanceRoutes: [Route] { [Route("/v1/studies/{name}/importance", .get(importance))] }

  @Sendable private func importance(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try accept(request, "application/json")
    let study = try await study(request)
    let tag = EntityTag.of(study: study.value.id.uuidString, revision: study.value.revision)
    let known = Self.json([], tag: tag, position: study.position)
    if Conditions.isNotModified(request.http, known) { return known }
    let view = try await importance(of: study.value)
    return try json(request, tag: tag, position: study.position) { view.write(to: &$0) }
  }

  /// Computed anew only where more trials have completed since.
  private func importance(of study: Study) async throws(APIProblem) -> ImportanceView {
    let key = ImportanceCache.Key(study: study.id, completed: study.counts.completed)
    if let known = importances.find(key) { return known }
    return try await importances.line.make { () async throws(APIProblem) in
      // Somebody may have had it computed while this one waited.
      if let known = importances.find(key) { return known }
      let made = try await computed(study)
      importances.keep(made, key)
      return made
    }
  }

  private func computed(_ study: Study) async throws(APIProblem) -> ImportanceView {
    let choice = ImportanceChoice(study.resolved.space, study.counts, key: study.id.uuid.0)
    let columns = ImportanceColumns(study.resolved.space)
    // Reading texts takes up to milliseconds a page, and the forest about a second.
    let queue = DispatchQueue.global(qos: .utility)
    var trials = ImportanceTrials(study.resolved.space, isWhole: choice.isWhole)
    for run in choice.runs {
      var last = run.lowerBound - 1
      while last < run.upperBound {
        let page = try await reader.trialRows(of: study, [.completed], beyond: last, limit: choice.pageSize)
        guard let page else { throw .init(.unknownStudy(study.name)) }
        let before = trials
        trials = await queue.value {
          var trials = before
          columns.add(page, through: run.upperBound, to: &trials)
          return trials
        }
        guard choice.isWhole || choice.takesAll, !page.isLast, let next = page.rows.last?.number else { break }
        last = next
      }
    }
    let gathered = trials
    let found = await queue.value { Importance(gathered) }
    let isUneven = !["grid", "random"].contains(study.resolved.algorithm)
    return ImportanceView(
      importance: found,
      source: .init(completed: max(found.trials, study.counts.completed), isUneven: isUneven))
  }
}
