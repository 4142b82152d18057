import HTTPMessages
import JSONText
import Testing

@testable import TuningAPI

/// What each route says of its requests, held against the OpenAPI description.
@Suite struct RouteRuleTests {
  /// An operation as the description has it.
  private struct Described {
    var query: Set<String> = []
    var types: Set<String> = []
    var takesKey = false
    var isOpen = false
  }

  private static func described() throws -> [String: Described] {
    let document = try JSONValue(parsing: OpenAPIDescription.bytes)
    let shared = document["components"]?["parameters"]
    var all: [String: Described] = [:]
    for path in try #require(document["paths"]?.objectValue).members {
      let common = path.value["parameters"]?.arrayValue ?? []
      for method in path.value.objectValue?.members ?? [] where method.name != "parameters" {
        var one = Described()
        for parameter in common + (method.value["parameters"]?.arrayValue ?? []) {
          let name = parameter["$ref"]?.stringValue?.split(separator: "/").last.map(String.init)
          let parameter = name.flatMap { shared?[$0] } ?? parameter
          let called = try #require(parameter["name"]?.stringValue)
          switch parameter["in"]?.stringValue {
          case "query": one.query.insert(called)
          case "header": one.takesKey = one.takesKey || called == "Idempotency-Key"
          default: break
          }
        }
        one.types = Set(method.value["requestBody"]?["content"]?.objectValue?.members.map(\.name) ?? [])
        one.isOpen = method.value["security"]?.arrayValue?.isEmpty == true
        all["\(method.name.uppercased()) \(path.name)"] = one
      }
    }
    return all
  }

  @Test func everyRuleIsDescribed() throws {
    let described = try Self.described()
    for route in Caller().api.routes {
      for (method, operation) in route.operations {
        let name = "\(method) \(route.template)"
        let one = try #require(described[name], "\(name)")
        #expect(Set(operation.query.known ?? []) == one.query, "\(name)")
        #expect(Set(operation.body.types) == one.types, "\(name)")
        #expect((operation.replay != .never) == one.takesKey, "\(name)")
        #expect(((operation.access ?? route.access) == .open) == one.isOpen, "\(name)")
      }
    }
  }

  @Test func aNameOfAQueryAppearsOnce() throws {
    for route in Caller().api.routes {
      for operation in route.operations.values {
        let names = operation.query.known ?? []
        #expect(Set(names).count == names.count, "\(route.template)")
      }
    }
  }

  @Test func onlyAnAnswerThatLastsIsKept() {
    for status in [200, 201, 202, 400, 404, 409, 422, 429, 500, 503] {
      #expect(!ReplayRule.never.keeps(status))
      #expect(ReplayRule.always.keeps(status) == ![429, 500, 503].contains(status), "\(status)")
      #expect(ReplayRule.unlessAccepted.keeps(status) == ![202, 429, 500, 503].contains(status), "\(status)")
    }
  }

  @Test(
    arguments: [
      ("/v1/studies/{name}", "/v1/studies/a", ["name": "a"]),
      ("/v1/studies/{name}/trials/{number}", "/v1/studies/a/trials/1", ["name": "a", "number": "1"]),
      ("/v1/studies/{name}", "/v1/studies/", ["name": ""]), ("/healthz", "/healthz", [:]),
      ("/v1/studies/{name}", "/v1/studies/{name}", ["name": "{name}"]),
    ] as [(String, String, [String: String])])
  func pathsThatFit(_ template: String, _ path: String, _ parts: [String: String]) {
    #expect(PathTemplate(template).match(PathSegments(path)) == parts)
    let route = Route(template, .get { _ throws(APIProblem) in HTTPResponse(status: 204) })
    #expect(Router([route]).match(path)?.parts == parts)
  }

  @Test(arguments: [
    ("/v1/studies/{name}", "/v1/studies"), ("/v1/studies/{name}", "/v1/studies/a/b"),
    ("/v1/studies/{name}", "/v1/Studies/a"), ("/v1/studies/{name}", "v1/studies/a"), ("/healthz", "/healthz/"),
    ("/v1/studies/{name}/best", "/v1/studies/a/best/"), ("/healthz", ""), ("/healthz", "/"),
  ])
  func pathsThatDoNotFit(_ template: String, _ path: String) {
    #expect(PathTemplate(template).match(PathSegments(path)) == nil)
    let route = Route(template, .get { _ throws(APIProblem) in HTTPResponse(status: 204) })
    #expect(Router([route]).match(path) == nil)
  }

  @Test func aRouteAnswersWhatItSays() async throws {
    let route = Route(
      "/x/{part}",
      .get(query: ["a"]) { request throws(APIProblem) in
        HTTPResponse(status: 200, body: Array("\(request["part"]) \(request.query["a"] ?? "-")".utf8))
      }, .delete { _ throws(APIProblem) in HTTPResponse(status: 204) })
    #expect(route.allow == "DELETE, GET, HEAD, OPTIONS")
    let match = try #require(Router([route]).match("/x/y"))
    func answer(_ method: String, _ query: [(name: String, value: String)] = []) async throws -> HTTPResponse {
      try await match.answer(HTTPRequest(method: method, target: "/x/y", path: "/x/y", query: query), seed: nil)
    }
    #expect(try await answer("GET", [("a", "1")]).body == Array("y 1".utf8))
    #expect(try await answer("HEAD").body == Array("y -".utf8))
    #expect(try await answer("OPTIONS").headers["Allow"] == route.allow)
    #expect(try await answer("DELETE").status == 204)
    for (method, query, status) in [
      ("POST", [], 405), ("GET", [("b", "1")], 400), ("GET", [("a", "1"), ("a", "1")], 400),
      ("DELETE", [("a", "")], 400),
    ] as [(String, [(name: String, value: String)], Int)] {
      let problem = await #expect(throws: APIProblem.self) { try await answer(method, query) }
      #expect(problem?.status == status, "\(method) \(query)")
    }
  }
}
