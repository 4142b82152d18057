import HTTPMessages
import Studies
import StudyDefinitions

/// The trials of a study as columns, for plots.
extension TuningAPI {
  var columnRoutes: [Route] {
    [Route("/v1/studies/{name}/columns", .get(query: ["points"], inTurn(columns, of: gathered)))]
  }

  /// All trials as columns, or about as many as are asked for.
  ///
  /// The trials are looked through once, and once more where there is room for a part of them alone.
  @Sendable private func columns(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let range = 1...TrialColumns.mostTrials
    let asked = try request.query.integer("points", in: range, default: TrialColumns.mostTrials)
    try accept(request, "application/json")
    let study = try await study(request)
    let tag = EntityTag.of(study: study.value.id.uuidString, revision: study.value.revision)
    let known = Self.json([], tag: tag, position: study.position)
    if Conditions.isNotModified(request.http, known) { return known }
    let told = study.value.resolved.isTrained ? [] : try await reader.metricNames(of: study.value)
    let empty = TrialColumns(study.value.resolved, told: told)
    let points = min(asked, empty.most)
    var marks = TrialMarks(maximize: study.value.resolved.goal == .maximize)
    var columns = empty
    try await eachPage(of: study.value) { page in
      marks.add(page)
      if marks.count <= points { columns.add(page) { _ in true } }
    }
    if marks.count > points {
      columns = empty
      var choice = marks.choice(points, most: empty.most)
      try await eachPage(of: study.value) { page in columns.add(page) { choice.takes($0) } }
    }
    return Self.json(columns.json(marks), tag: tag, position: study.position)
  }

  /// Reads all trials, a page in each turn among the expensive answers.
  private func eachPage(
    of study: Study, _ take: (TrialRows) -> Void
  ) async throws(APIProblem) {
    var last = 0
    while true {
      let page = try await turn(isFirst: last == 0) { () async throws(APIProblem) in
        try await reader.trialRows(of: study, [], beyond: last, limit: 512)
      }
      guard let page else { throw .init(.unknownStudy(study.name)) }
      take(page)
      guard !page.isLast, let next = page.rows.last?.number else { return }
      last = next
    }
  }

  private func turn<Value>(
    isFirst: Bool, _ body: () async throws(APIProblem) -> Value
  ) async throws(APIProblem) -> Value {
    if isFirst { return try await expensive.make(body) }
    do { return try await expensive.makePiece(body) } catch {
      // A caller that has gone needs no answer.
      throw error as? APIProblem ?? ExpensiveAnswers.busy
    }
  }
}
