import Foundation
import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// Comparisons, which make their studies themselves.
extension TuningAPI {
  var comparisonRoutes: [Route] {
    [
      Route(
        "/v1/comparisons", .get(query: .names(Pager.names), listComparisons), .post(body: .json(), createComparison)),
      // Before the comparison of any name.
      Route("/v1/comparisons/adhoc", .get(query: ["studies"], inTurn(compareStudies))),
      Route("/v1/comparisons/{name}.csv", .get(comparisonAsCSV)),
      Route("/v1/comparisons/{name}", .get(getComparison), .delete(deleteComparison)),
      Route("/v1/comparisons/{name}/stop", .post(stopComparison)),
    ]
  }

  @Sendable private func createComparison(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let body = try await body(request)
    // Await here, so that examining the data set does not block the validator.
    if let dataset = body["dataset"]?.stringValue { try await examined(dataset) }
    // As with studies: the name follows from the key, so that one is made however often it is sent.
    let unnamed = body["name"] == nil ? request.seed.map { "comparison-\($0.prefix(8))" } : nil
    var (made, created) = try await ask { () async throws(StudyError) in
      try await service.createComparison(body, unnamed: unnamed)
    }
    created = created || unnamed != nil
    let location = [("Location", "/v1/comparisons/\(made.value.comparison.name)")]
    return try await answer(request, made, status: created ? 201 : 200, headers: created ? location : [])
  }

  @Sendable private func getComparison(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try await answer(request, try await reader.comparison(request["name"]))
  }

  @Sendable private func listComparisons(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let pager = try Pager(request, filters: .string("comparisons"))
    let found = try await reader.comparisons(after: try pager.studyKey(), limit: pager.limit)
    let next = found.value.next.map { pager.cursor(after: $0) }
    return try list(request, found.value.items, next: next, position: found.position) {
      ComparisonView.write($0, to: &$1)
    }
  }

  @Sendable private func stopComparison(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try await checkMatch(request)
    let stopped = try await ask { () async throws(StudyError) in try await service.stopComparison(request["name"]) }
    return try await answer(request, stopped)
  }

  @Sendable private func deleteComparison(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try await checkMatch(request)
    // Also where it failed: what was stored then is not known here.
    defer { finishedTrials.clear() }
    try await ask { () async throws(StudyError) in try await service.deleteComparison(request["name"]) }
    return HTTPResponse(status: 204)
  }

  /// Throws 412 where `If-Match` names no tag of the comparison.
  private func checkMatch(_ request: RouteRequest) async throws(APIProblem) {
    let wanted = request.http.headers.values(of: "If-Match")
    guard !wanted.isEmpty, wanted != ["*"] else { return }
    let tag = EntityTag.of(try await reader.comparison(request["name"]).value)
    guard Conditions.contains(wanted, tag) else { throw .comparisonChanged }
  }

  private func answer(
    _ request: RouteRequest, _ found: Snapshot<ComparisonState>, status: Int = 200, headers: [(String, String)] = []
  ) async throws(APIProblem) -> HTTPResponse {
    try accept(request, "application/json")
    let tag = EntityTag.of(found.value)
    let head = Self.json([], status: status, tag: tag, position: found.position, headers: headers)
    // What the client has already is not made again.
    if Conditions.isNotModified(request.http, head) { return head }
    let studies = ComparedStudies(found.value)
    let made = try await expensive.make { () async throws(APIProblem) in try await comparison(studies) }
    let view = ComparisonView(studies: studies, comparison: made)
    return try json(request, status: status, tag: tag, position: found.position, headers: headers) {
      view.write(to: &$0)
    }
  }
}

extension EntityTag {
  /// A comparison's tag: it changes with its studies.
  static func of(_ state: ComparisonState) -> String {
    let studies = state.studies.map { "\($0.id) \($0.revision)" }.joined(separator: "\n")
    let id = state.comparison.id.uuidString.prefix(8).lowercased()
    return "W/\"\(id)-\(String(hash(Array(studies.utf8)), radix: 36))\""
  }
}

extension APIProblem {
  static let comparisonChanged = APIProblem(
    status: 412, detail: "The comparison has changed since the ETag in If-Match was given.")
}
