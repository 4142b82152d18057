import Foundation
import HTTPMessages

/// A request that found its route.
struct RouteRequest: Sendable {
  var http: HTTPRequest
  /// The path's named parts, by name.
  var parts: [String: String]
  /// What follows from the `Idempotency-Key` for anything that would be drawn; nil without one.
  var seed: String?

  /// A named part of the path; the route has it.
  subscript(part: String) -> String { parts[part] ?? "" }
}

/// One URL with its methods.
struct Route: Sendable {
  typealias Action = @Sendable (RouteRequest) async throws(APIProblem) -> HTTPResponse

  /// The path with its named parts in braces, as the OpenAPI description writes it.
  var template: String
  /// What answers each method; `HEAD` follows from `GET`, `OPTIONS` from all.
  var actions: [String: Action]

  init(_ template: String, _ actions: [String: Action]) {
    self.template = template
    self.actions = actions
  }

  /// The methods for the `Allow` field, sorted.
  var allow: String {
    var methods = Set(actions.keys)
    if methods.contains("GET") { methods.insert("HEAD") }
    methods.insert("OPTIONS")
    return methods.sorted().joined(separator: ", ")
  }

  /// The named parts of a path that has this form, or nil.
  func match(_ path: [Substring]) -> [String: String]? {
    let pattern = template.split(separator: "/", omittingEmptySubsequences: false)
    guard pattern.count == path.count else { return nil }
    var parts: [String: String] = [:]
    for (expected, part) in zip(pattern, path) {
      if expected.hasPrefix("{") {
        parts[String(expected.dropFirst().dropLast())] = String(part)
      } else if expected != part {
        return nil
      }
    }
    return parts
  }
}

/// Finds the route of a request.
struct Router: Sendable {
  var routes: [Route]

  /// Paths that are reserved but have no route yet; adding the route removes its line.
  static let reserved = [
    "/v1/backup", "/v1/comparisons", "/v1/comparisons/{name}", "/v1/studies/{name}/suggestions",
    "/v1/studies/{name}/results", "/v1/studies/{name}/trials/{number}/measurements",
    "/v1/studies/{name}/trials/{number}/heartbeat", "/v1/studies/{name}/trials/{number}/complete",
    "/v1/studies/{name}/trials/{number}/retry", "/v1/studies/{name}/trials/{number}/log",
  ].map { Route($0, [:]) }

  /// Whether a path that no route has is kept for later.
  static func isReserved(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return reserved.contains { $0.match(parts) != nil }
  }

  /// Answers by a route; nil where no route has the path.
  func answer(_ request: HTTPRequest, seed: String? = nil) async throws(APIProblem) -> HTTPResponse? {
    let path = request.path.split(separator: "/", omittingEmptySubsequences: false)
    for route in routes {
      guard let parts = route.match(path) else { continue }
      if request.method == "OPTIONS" {
        return HTTPResponse(status: 204, headers: HTTPHeaders([("Allow", route.allow)]))
      }
      let method = request.method == "HEAD" ? "GET" : request.method
      guard let action = route.actions[method] else {
        throw .methodNotAllowed(request.method, allow: route.allow)
      }
      return try await action(RouteRequest(http: request, parts: parts, seed: seed))
    }
    return nil
  }
}
