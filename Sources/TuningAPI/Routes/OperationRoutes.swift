import Foundation
import HTTPMessages
import JSONText
import Studies

/// How the service itself is doing. What probes and scrapers ask for ignores a query, because some add one.
extension TuningAPI {
  var operationRoutes: [Route] {
    [
      Route("/v1/workers", .get(query: .names(Pager.names), listWorkers)),
      Route("/healthz", access: .open, .get(query: .ignored, always: health)),
      Route("/readyz", access: .open, .get(query: .ignored, readiness)),
      Route("/metrics", .get(query: .ignored, metrics)),
      Route("/openapi.json", access: .open, .get(query: .ignored, always: description)),
    ]
  }

  @Sendable private func listWorkers(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try list(request, "workers", service.workers(), key: \.name) { worker, writer in
      writer.object { writer in
        writer.member("name", worker.name)
        writer.member("kind", worker.kind.rawValue)
        writer.member("state", worker.trial == nil ? "idle" : "busy")
        writer.member("study", worker.study)
        writer.member("trial", worker.trial)
        writer.member("since", worker.since)
        writer.member("finished", worker.finished)
      }
    }
  }

  @Sendable private func health(_ request: RouteRequest) throws(APIProblem) -> HTTPResponse {
    try accept(request, "application/json")
    return health
  }

  /// The answer to a probe, which is the same as long as the process runs.
  static func health(version: String) -> HTTPResponse {
    var writer = JSONWriter(reserving: 64)
    writer.object { writer in
      writer.member("status", "ok")
      writer.member("version", version)
    }
    return json(writer.bytes, tag: EntityTag.of(writer.bytes), position: nil)
  }

  @Sendable private func readiness(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    guard configuration.isReady() else { throw .unavailable("The service is starting or stopping.") }
    if let trouble = store.trouble { throw .unavailable(trouble.sentence) }
    _ = try await reader.position()
    return try json(request) { $0.object { $0.member("status", "ready") } }
  }

  @Sendable private func metrics(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try accept(request, "text/plain")
    let totals = try await reader.totals()
    let workers = service.workers()
    let busy = workers.count { $0.trial != nil }
    let own = [
      Metric(
        "cairn_studies", "Studies by state.", .gauge,
        StudyState.allCases.map { .init([("state", $0.rawValue)], Double(totals.studies[$0] ?? 0)) }),
      Metric(
        "cairn_trials", "Trials of existing studies, by state.", .gauge,
        TrialState.allCases.map { .init([("state", $0.rawValue)], Double(totals.trials[$0] ?? 0)) }),
      Metric(
        "cairn_workers", "Workers by state.", .gauge,
        [.init([("state", "busy")], Double(busy)), .init([("state", "idle")], Double(workers.count - busy))]),
      Metric(
        "cairn_uptime_seconds", "Seconds since the service started.", .gauge,
        [.init([], configuration.clock.seconds() - startedAt)]),
      Metric("cairn_build_info", "The program's version.", .gauge, [.init([("version", configuration.version)], 1)]),
    ]
    let text = (own + configuration.moreMetrics()).map(\.text).joined()
    return HTTPResponse(
      status: 200,
      headers: HTTPHeaders([
        ("Content-Type", "text/plain; version=0.0.4; charset=utf-8"), ("Cache-Control", "no-cache"),
      ]), body: Array(text.utf8))
  }

  @Sendable private func description(_ request: RouteRequest) throws(APIProblem) -> HTTPResponse {
    try accept(request, "application/json")
    let bytes = OpenAPIDescription.bytes
    return HTTPResponse(
      status: 200,
      headers: HTTPHeaders([
        ("Content-Type", "application/json"), ("Cache-Control", "no-cache"), ("ETag", OpenAPIDescription.tag),
      ]), body: bytes)
  }
}
