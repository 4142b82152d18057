import HTTPMessages

/// What answers one method of a route, and the rules that its requests are held against before it is asked.
///
/// A test compares the rules with the OpenAPI description.
struct Operation: Sendable {
  typealias Action = @Sendable (RouteRequest) async throws(APIProblem) -> HTTPResponse
  /// Gives an answer that is known already, within microseconds; nil where it is not.
  typealias KnownAnswer = @Sendable (RouteRequest) throws(APIProblem) -> HTTPResponse?

  let method: String
  let query: QueryRule
  let body: BodyRule
  let replay: ReplayRule
  /// Who may ask, where that is not what the route says.
  let access: AccessRule?
  /// Asked before `action`, on the thread that serves the connection.
  let known: KnownAnswer?
  let action: Action

  private init(
    _ method: String, query: QueryRule = [], body: BodyRule = .none, replay: ReplayRule = .never,
    access: AccessRule? = nil, known: KnownAnswer? = nil, action: @escaping Action
  ) {
    (self.method, self.query, self.body, self.replay) = (method, query, body, replay)
    (self.access, self.known, self.action) = (access, known, action)
  }

  static func get(query: QueryRule = [], known: KnownAnswer? = nil, _ action: @escaping Action) -> Operation {
    Operation("GET", query: query, known: known, action: action)
  }

  /// A GET whose answer is always known.
  static func get(
    query: QueryRule = [], always answer: @escaping @Sendable (RouteRequest) throws(APIProblem) -> HTTPResponse
  ) -> Operation {
    Operation(
      "GET", query: query, known: { request throws(APIProblem) in try answer(request) },
      action: { request throws(APIProblem) in try answer(request) })
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
