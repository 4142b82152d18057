import HTTPMessages

/// A request that found its route, its query checked against the names that the route takes.
struct RouteRequest: Sendable {
  var http: HTTPRequest
  /// The path's named parts, by name.
  var parts: [String: String]
  var query: Query
  /// What the route says of its bodies.
  var body: BodyRule
  /// What follows from the `Idempotency-Key` for anything that would be drawn; nil without one.
  var seed: String?

  /// A named part of the path; the route has it.
  subscript(part: String) -> String { parts[part] ?? "" }
}
