import HTTPMessages
import Studies

/// Streams of what changes.
extension TuningAPI {
  var eventRoutes: [Route] {
    [
      Route("/v1/events", .get(query: ["after"], allEvents)),
      Route("/v1/studies/{name}/events", .get(query: ["after"], studyEvents)),
    ]
  }

  @Sendable private func allEvents(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try stream(request, of: nil)
  }

  @Sendable private func studyEvents(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try stream(request, of: try await study(request).value)
  }

  private func stream(_ request: RouteRequest, of study: Study?) throws(APIProblem) -> HTTPResponse {
    let query = request.query
    try accept(request, "text/event-stream")
    var after: Int?
    if query["after"] != nil { after = try query.integer("after", in: 0...Int.max, default: 0) }
    // A reader that was cut off knows better than the address that it began with.
    if let text = request.http.headers["Last-Event-ID"], !text.isEmpty {
      guard let position = Int(text), position >= 0 else {
        throw .badHeader("Last-Event-ID is \"\(text)\"; it should be the id of an event.")
      }
      after = position
    }
    return EventStream(api: self, study: study, after: after).response
  }
}
