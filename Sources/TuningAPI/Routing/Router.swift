import HTTPMessages

/// Finds the route of a request.
struct Router: Sendable {
  /// A route that has the path, and the path's named parts.
  struct Match: Sendable {
    var route: Route
    var parts: [String: String]
  }

  /// The routes by how many segments their paths have.
  private let routes: [Int: [Route]]

  init(_ routes: [Route]) { self.routes = Dictionary(grouping: routes) { $0.path.count } }

  /// Paths that are reserved but have no route yet; adding the route removes its line.
  static let reserved = ["/v1/backup"].map(PathTemplate.init)

  /// Whether a path that no route has is kept for later.
  static func isReserved(_ path: String) -> Bool {
    let segments = PathSegments(path)
    return reserved.contains { $0.match(segments) != nil }
  }

  /// The route of a path; nil where none has it.
  func match(_ path: String) -> Match? {
    let segments = PathSegments(path)
    for route in routes[segments.count] ?? [] {
      if let parts = route.path.match(segments) { return Match(route: route, parts: parts) }
    }
    return nil
  }
}

extension Router.Match {
  /// What answers a method; nil where the route has none for it.
  func operation(_ method: String) -> Operation? { route.operation(method) }

  /// The answer to a request that needs neither the store nor any wait; nil where it takes more.
  func answerNow(_ request: HTTPRequest) throws(APIProblem) -> HTTPResponse? {
    guard let operation = operation(request.method), let action = operation.known else { return nil }
    let query = try Query(request, operation.query)
    return try action(RouteRequest(http: request, parts: parts, query: query, body: operation.body))
  }

  /// Answers a request by the route.
  func answer(_ request: HTTPRequest, seed: String?) async throws(APIProblem) -> HTTPResponse {
    if request.method == "OPTIONS" {
      return HTTPResponse(status: 204, headers: HTTPHeaders([("Allow", route.allow)]))
    }
    guard let operation = operation(request.method) else {
      throw .methodNotAllowed(request.method, allow: route.allow)
    }
    let query = try Query(request, operation.query)
    return try await operation.action(
      RouteRequest(http: request, parts: parts, query: query, body: operation.body, seed: seed))
  }
}
