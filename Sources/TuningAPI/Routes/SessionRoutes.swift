import HTTPMessages

/// The session of a page.
extension TuningAPI {
  var sessionRoutes: [Route] {
    [Route("/v1/session", .post(replay: .never, access: .tokenAlone, beginSession), .delete(endSession))]
  }

  /// The caller has shown the token already; where none is set, there is nothing to remember.
  @Sendable private func beginSession(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    return answer(access.sessions?.begin(at: configuration.clock.now()))
  }

  @Sendable private func endSession(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    return answer(access.sessions?.end)
  }

  private func answer(_ cookie: String?) -> HTTPResponse {
    var response = HTTPResponse(status: 204, headers: HTTPHeaders([("Cache-Control", "no-store")]))
    if let cookie { response.headers.append("Set-Cookie", cookie) }
    return response
  }
}
