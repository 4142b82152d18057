import ExactText
import Foundation
import HTTPMessages
import JSONText
import SearchSpace
import Studies
import StudyDefinitions

/// `/v1/studies` and below, without trials.
extension TuningAPI {
  var studyRoutes: [Route] {
    [
      Route(
        "/v1/studies",
        .get(
          query: .namesAndMany(Pager.names + ["state", "dataset", "algorithm", "include"], many: "label"),
          inTurn(listStudies, of: pages)),
        .post(body: .json(), createStudy)),
      Route(
        "/v1/studies/{name}", .get(query: ["wait_seconds"], getStudy),
        .patch(body: .json(["application/merge-patch+json", "application/json"]), editStudy), .delete(deleteStudy)),
      Route("/v1/studies/{name}/pause", .post(change(.pause))),
      Route("/v1/studies/{name}/resume", .post(change(.resume))),
      Route("/v1/studies/{name}/stop", .post(change(.stop))),
      Route("/v1/studies/{name}/confirm", .post(body: .json(), confirm)),
      Route("/v1/studies/{name}/best", .get(query: ["count"], bestPoints)),
    ]
  }

  @Sendable private func createStudy(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let body = try await body(request)
    // Await here, so that examining the data set does not block the validator.
    if let dataset = body["dataset"]?.stringValue { try await examined(dataset) }
    // The name of a study that was posted without one follows from the key, so that one is made however often it is sent.
    let unnamed = body["name"] == nil ? request.seed.map { "study-\($0.prefix(8))" } : nil
    var (made, created) = try await ask { () async throws(StudyError) in
      try await service.create(body, unnamed: unnamed)
    }
    created = created || unnamed != nil
    let location = [("Location", "/v1/studies/\(made.value.name)")]
    return try await answer(request, made, status: created ? 201 : 200, headers: created ? location : [])
  }

  @Sendable private func getStudy(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let query = request.query
    let end = ContinuousClock.now + .seconds(try query.seconds("wait_seconds", upTo: 60))
    if query["wait_seconds"] != nil, request.http.headers["If-None-Match"] == nil {
      throw .badQuery(
        "wait_seconds", "wait_seconds waits for a change, and needs If-None-Match with the ETag of the answer before.")
    }
    while true {
      let found = try await study(request)
      let answer = try await answer(request, found)
      let left = (end - .now) / .seconds(1)
      // A service that stops holds nobody up.
      guard left > 0, configuration.isReady(), Conditions.isNotModified(request.http, answer) else { return answer }
      _ = await store.bell.wait(beyond: found.position, seconds: left)
      if Task.isCancelled { return answer }
    }
  }

  @Sendable private func listStudies(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let isWhole = try Self.includesDefinition(request.query)
    let filter = try Self.filter(request.query)
    let pager = try Pager(
      request,
      filters: [
        .string("studies"), .array(filter.states.map(\.rawValue).sorted().map { .string($0) }),
        .string(filter.dataset ?? ""), .string(filter.algorithm ?? ""),
        filter.labels.json, .array(filter.labelNames.sorted().map { .string($0.string) }),
      ])
    let found = try await reader.studies(filter, after: try pager.studyKey(), limit: pager.limit)
    let next = found.value.next.map { pager.cursor(after: $0) }
    let leaders = try await reader.leaders(of: found.value.items)
    var views: [StudyView] = []
    for study in found.value.items {
      views.append(await view(study, best: leaders[study.id], mayWait: false))
    }
    return try list(request, views, next: next, position: found.position) { $0.write(to: &$1, isRow: !isWhole) }
  }

  private static func filter(_ query: Query) throws(APIProblem) -> StudyFilter {
    var filter = StudyFilter()
    filter.states = try query.list("state", of: StudyState.self)
    filter.dataset = query["dataset"]
    filter.algorithm = query["algorithm"]
    for label in query.all("label") {
      guard let colon = label.utf8.firstIndex(of: UInt8(ascii: ":")) else {
        guard !label.isEmpty else {
          throw .badQuery(
            "label", "label is empty; it should be a name, or a name and a value with a colon between them.")
        }
        filter.labelNames.append(ExactText(label))
        continue
      }
      let (name, value) = (ExactText(label[..<colon]), ExactText(label[label.utf8.index(after: colon)...]))
      if let other = filter.labels.updateValue(value, forKey: name), other != value {
        throw .badQuery("label", "label asks for two values of \"\(name)\", and a study has one at most.")
      }
    }
    return filter
  }

  /// Whether the rows of a list are to have what is long of a study.
  private static func includesDefinition(_ query: Query) throws(APIProblem) -> Bool {
    guard let text = query["include"] else { return false }
    guard text.utf8.elementsEqual("definition".utf8) else {
      throw .badQuery("include", "include is \"\(text)\"; it should be definition, or be left out.")
    }
    return true
  }

  @Sendable private func editStudy(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    // A client that waits to be told to send learns first that there is nothing to change.
    if request.http.bodyStream != nil { _ = try await study(request) }
    let patch = try await body(request)
    let revision = try await revision(request)
    let edited = try await ask { () async throws(StudyError) in
      try await service.edit(request["name"], patch: patch, revision: revision)
    }
    return try await answer(request, edited)
  }

  @Sendable private func confirm(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    if request.http.bodyStream != nil { _ = try await study(request) }
    let terms = try await body(request)
    let revision = try await revision(request)
    let changed = try await ask { () async throws(StudyError) in
      try await service.confirm(request["name"], terms, revision: revision)
    }
    return try await answer(request, changed)
  }

  @Sendable private func deleteStudy(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let revision = try await revision(request)
    // Also where it failed: what was stored then is not known here.
    defer { finishedTrials.clear() }
    try await ask { () async throws(StudyError) in try await service.delete(request["name"], revision: revision) }
    return HTTPResponse(status: 204)
  }

  private enum Verb { case pause, resume, stop }

  private func change(_ verb: Verb) -> Operation.Action {
    { (request: RouteRequest) async throws(APIProblem) -> HTTPResponse in
      let revision = try await revision(request)
      let name = request["name"]
      let changed = try await ask { () async throws(StudyError) in
        switch verb {
        case .pause: try await service.pause(name, revision: revision)
        case .resume: try await service.resume(name, revision: revision)
        case .stop: try await service.stop(name, revision: revision)
        }
      }
      return try await answer(request, changed)
    }
  }

  // MARK: What they share

  /// The revision that `If-Match` asks for.
  private func revision(_ request: RouteRequest) async throws(APIProblem) -> Int? {
    guard request.http.headers["If-Match"] != nil else { return nil }
    let study = try await study(request).value
    return try EntityTag.revision(request.http, study: study.id.uuidString, current: study.revision)
  }

  private func answer(
    _ request: RouteRequest, _ found: Snapshot<Study>, status: Int = 200, headers: [(String, String)] = []
  ) async throws(APIProblem) -> HTTPResponse {
    let view = try await view(found.value)
    let tag = EntityTag.of(study: found.value.id.uuidString, revision: found.value.revision)
    return try json(request, status: status, tag: tag, position: found.position, headers: headers) {
      view.write(to: &$0)
    }
  }
}
