import Foundation
import HTTPMessages
import Studies

/// What the programs of trials write.
extension TuningAPI {
  /// How often the output of a trial is looked at that is followed.
  private static let lookAgain = Duration.milliseconds(500)

  var logRoutes: [Route] {
    [
      Route(
        "/v1/studies/{name}/trials/{number}/log", .get(query: ["follow"], output),
        .post(query: ["lease", "offset"], body: .text, replay: .never, appendOutput))
    ]
  }

  @Sendable private func appendOutput(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let number = try trialNumber(request)
    let query = request.query
    guard let lease = query["lease"] else {
      throw .badQuery("lease", "lease is missing; it came with the trial.")
    }
    let offset = try query.integer("offset", in: 0...9_007_199_254_740_991, default: 0)
    var bytes = request.http.body
    if let stream = request.http.bodyStream {
      do { while let piece = try await stream.next() { bytes += piece } } catch { throw .body(error) }
    }
    let piece = bytes
    try await ask { () async throws(StudyError) in
      try await service.log(
        request["name"], number: number, lease: UUID(uuidString: lease) ?? UUID(), start: offset, bytes: piece)
    }
    return HTTPResponse(status: 204)
  }

  @Sendable private func output(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let study = try await study(request).value
    let trial = try await reader.trial(request["number"], of: study).value
    try accept(request, "text/plain")
    let found = try await reader.output(of: trial, attempt: nil, from: 0)
    let headers = HTTPHeaders([
      ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-cache"),
    ])
    guard request.query["follow"] != nil else {
      var response = HTTPResponse(status: 200, headers: headers, body: found?.bytes ?? [])
      response.headers["ETag"] = EntityTag.of(response.body)
      return response
    }
    guard let place = streams.take() else { throw ExpensiveAnswers.busy }
    return HTTPResponse(
      status: 200, headers: headers,
      stream: HTTPBodyStream { writer in
        try await place.hold { try await follow(found, trial, study, through: writer) }
      })
  }

  /// Sends what there is, and then what comes until the trial has an outcome.
  private func follow(
    _ first: TrialOutput?, _ trial: Trial, _ study: Study, through writer: HTTPBodyWriter
  ) async throws {
    var output = first
    while true {
      if let bytes = output?.bytes, !bytes.isEmpty {
        guard await writer.write(bytes) else { throw CancellationError() }
      }
      let (attempt, end) = (output?.attempt, output?.end ?? 0)
      guard configuration.isReady(), let now = try await store.trial(study: study.id, number: trial.number)?.value
      else { return }
      let more = try await store.output(study: study.id, number: trial.number, attempt: attempt, from: end)
      let isNews = more.map { $0.attempt != attempt || !$0.bytes.isEmpty } ?? false
      if !isNews {
        if now.state.isOutcome || now.state == .stopped { return }
        try await Task.sleep(for: Self.lookAgain)
      }
      output = more ?? output.map { TrialOutput(attempt: $0.attempt, start: $0.end, bytes: []) }
    }
  }
}
