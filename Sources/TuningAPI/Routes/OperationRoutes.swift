import Foundation
import HTTPMessages
import JSONText
import Studies

/// How the service itself is doing. What probes and scrapers ask for ignores a query, because some add one.
extension TuningAPI {
  var operationRoutes: [Route] {
    [
      Route("/v1/workers", ["GET": listWorkers]),
      Route("/healthz", ["GET": health]),
      Route("/readyz", ["GET": readiness]),
      Route("/metrics", ["GET": metrics]),
      Route("/openapi.json", ["GET": description]),
    ]
  }

  @Sendable private func listWorkers(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try list(request, "workers", service.workers(), key: \.name) { worker, writer in
      writer.beginObject()
      writer.member("name", worker.name)
      writer.member("kind", worker.kind)
      writer.member("state", worker.trial == nil ? "idle" : "busy")
      writer.member("study", worker.study)
      writer.member("trial", worker.trial)
      writer.member("since", worker.since)
      writer.member("finished", worker.finished)
      writer.endObject()
    }
  }

  @Sendable private func health(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    return try json(request) { writer in
      writer.beginObject()
      writer.member("status", "ok")
      writer.member("version", configuration.version)
      writer.endObject()
    }
  }

  @Sendable private func readiness(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    guard configuration.isReady() else { throw .unavailable("The service is starting or stopping.") }
    if let trouble = store.trouble { throw .unavailable(trouble.sentence) }
    _ = try await read { () async throws(StoreError) in try await store.position() }
    return try json(request) { writer in
      writer.beginObject()
      writer.member("status", "ready")
      writer.endObject()
    }
  }

  @Sendable private func metrics(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try Accept.check(request.http, "text/plain")
    let totals = try await read { () async throws(StoreError) in try await store.totals() }
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

  @Sendable private func description(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try Accept.check(request.http, "application/json")
    let bytes = OpenAPIDescription.bytes
    return HTTPResponse(
      status: 200,
      headers: HTTPHeaders([
        ("Content-Type", "application/json"), ("Cache-Control", "no-cache"), ("ETag", EntityTag.of(bytes)),
      ]), body: bytes)
  }
}

/// One metric of `/metrics` (Prometheus text format 0.0.4).
public struct Metric: Sendable {
  /// Whether it only ever rises.
  public enum Kind: String, Sendable { case counter, gauge }

  /// One value with its labels.
  public struct Sample: Sendable {
    var labels: [(String, String)]
    var value: Double
    /// Makes a sample.
    public init(_ labels: [(String, String)], _ value: Double) {
      self.labels = labels
      self.value = value
    }
  }

  private let name: String
  private let help: String
  private let kind: Kind
  private let samples: [Sample]

  /// Makes a metric.
  public init(_ name: String, _ help: String, _ kind: Kind, _ samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }

  var text: String {
    var lines = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    for sample in samples {
      let labels = sample.labels.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",")
      lines += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(JSONNumber.text(sample.value))\n"
    }
    return lines
  }

  private static func escape(_ text: String) -> String {
    text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
      .replacingOccurrences(of: "\n", with: "\\n")
  }
}
