import HTTPMessages

/// What answers one method of a route, and the rules that its requests are held against before it is asked.
///
/// A test compares the rules with the OpenAPI description.
struct Operation: Sendable {
  typealias Action = @Sendable (RouteRequest) async throws(APIProblem) -> HTTPResponse

  let method: String
  let query: QueryRule
  let body: BodyRule
  let replay: ReplayRule
  /// Who may ask, where that is not what the route says.
  let access: AccessRule?
  let action: Action

  private init(
    _ method: String, query: QueryRule = [], body: BodyRule = .none, replay: ReplayRule = .never,
    access: AccessRule? = nil, action: @escaping Action
  ) {
    (self.method, self.query, self.body, self.replay) = (method, query, body, replay)
    (self.access, self.action) = (access, action)
  }

  static func get(query: QueryRule = [], _ action: @escaping Action) -> Operation {
    Operation("GET", query: query, action: action)
  }

  static func delete(_ action: @escaping Action) -> Operation { Operation("DELETE", action: action) }

  static func patch(body: BodyRule, _ action: @escaping Action) -> Operation {
    Operation("PATCH", body: body, action: action)
  }

  static func post(
    query: QueryRule = [], body: BodyRule = .none, replay: ReplayRule = .always, access: AccessRule? = nil,
    _ action: @escaping Action
  ) -> Operation {
    Operation("POST", query: query, body: body, replay: replay, access: access, action: action)
  }
}
