import Foundation
import HTTPMessages
import JSONText
import TestSupport
import Testing

@testable import TuningAPI

/// Every URL, and what HTTP asks of all of them.
@Suite struct RouteTests {
  @Test func theRoutesAreThoseOfTheDescription() throws {
    let document = try JSONValue(parsing: OpenAPIDescription.bytes)
    let paths = try #require(document["paths"]?.objectValue)
    var described: [String: Set<String>] = [:]
    for path in paths.members {
      let methods = try #require(path.value.objectValue).members.map { $0.name.uppercased() }
      described[path.name] = Set(methods).intersection(["GET", "POST", "PUT", "PATCH", "DELETE"])
    }
    // The page and its files are found by the folder, not by a route.
    described["/"] = nil
    var routed: [String: Set<String>] = [:]
    for route in Caller().api.routes { routed[route.template] = Set(route.operations.keys) }
    #expect(routed == described)
  }

  @Test func everyRouteAnswersEveryMethod() async throws {
    let caller = Caller()
    for route in caller.api.routes {
      try await caller.makeStudy("here")
      let path = route.template.replacing("{name}", with: route.template.contains("datasets") ? "toy" : "here")
        .replacing("{number}", with: "1")
      let options = try await caller.call("OPTIONS", path)
      #expect(options.status == 204 && options.headers["Allow"] == route.allow, "\(path)")
      for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
        let answer = try await caller.call(method, path, body: method == "PATCH" ? "{}" : "")
        let isThere = route.operation(method) != nil
        #expect((answer.status == 405) == !isThere, "\(method) \(path): \(answer.status)")
        #expect(answer.status < 500, "\(method) \(path): \(answer.status)")
        if !isThere { #expect(answer.headers["Allow"] == route.allow) }
      }
      _ = try await caller.call("DELETE", "/v1/studies/here")
    }
  }

  @Test(arguments: ["/v1", "/v1/", "/v1/study", "/v1/studies/a/b/c", "/v1/studies/", "/v2/studies"])
  func otherPathsAreNotFound(_ path: String) async throws {
    let answer = try await Caller().call("GET", path)
    #expect(answer.status == 404 && answer.headers["Content-Type"] == "application/problem+json")
  }

  private static let openToAnyQuery = ["/healthz", "/readyz", "/metrics", "/openapi.json"]

  @Test func probesIgnoreAQuery() async throws {
    for path in Self.openToAnyQuery + ["/"] {
      for query in ["x=1", "limit=0&limit=0", "=", "a&b&&", "wait_seconds=1"] {
        #expect(try await Caller().call("GET", "\(path)?\(query)").status == 200, "\(path)?\(query)")
        #expect(try await Caller().call("HEAD", "\(path)?\(query)").status == 200, "\(path)?\(query)")
      }
    }
  }

  @Test func everyRouteRefusesAnUnknownQuery() async throws {
    let caller = Caller()
    for route in caller.api.routes where !Self.openToAnyQuery.contains(route.template) {
      try await caller.makeStudy("here")
      let path = route.template.replacing("{name}", with: "here").replacing("{number}", with: "1")
      for method in route.operations.keys {
        let answer = try await caller.call(method, path + "?nonsense=1", body: method == "PATCH" ? "{}" : "")
        let problem = try JSONValue(parsing: answer.body)
        #expect(answer.status == 400, "\(method) \(path): \(answer.status)")
        #expect(problem["errors"]?.arrayValue?.first?["pointer"]?.stringValue == "nonsense", "\(method) \(path)")
      }
      _ = try await caller.call("DELETE", "/v1/studies/here")
    }
  }

  @Test func whatIsAcceptedIsDecidedByTheMostSpecificRange() async throws {
    let caller = Caller()
    for (accept, status) in [
      ("application/json", 200), ("*/*", 200), ("application/*;q=0.1", 200), ("text/html", 406),
      ("application/json;q=0, */*", 406), ("*/*;q=0, application/json", 200), ("text/html, */*;q=0.1", 200),
      ("application/*;q=0, */*", 406), ("", 200),
    ] {
      let answer = try await caller.call("GET", "/v1/models", headers: [("Accept", accept)])
      #expect(answer.status == status, "\(accept)")
    }
  }

  @Test func bodies() async throws {
    let caller = Caller()
    for (body, type, status) in [
      ("{", "application/json", 400), ("[]", "application/json", 422), ("", "application/json", 400),
      ("{}", "text/csv", 415), ("\u{1}", "application/json", 400),
      (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), "application/json", 400),
    ] {
      let answer = try await caller.call("POST", "/v1/studies", body: body, headers: [("Content-Type", type)])
      #expect(answer.status == status, "\(body) \(type)")
      #expect(answer.headers["Content-Type"] == "application/problem+json")
      let problem = try JSONValue(parsing: answer.body)
      #expect(problem["status"]?.numberValue == Double(status) && problem["detail"]?.stringValue?.isEmpty == false)
    }
  }

  @Test func allFaultsComeAtOnce() async throws {
    let answer = try await Caller().call(
      "POST", "/v1/studies",
      body: #"{"name":"A b","dataset":"toi","modle":{},"parameters":{},"algorithm":{"name":"x"}}"#)
    let problem = try JSONValue(parsing: answer.body)
    let pointers = problem["errors"]?.arrayValue?.compactMap { $0["pointer"]?.stringValue } ?? []
    #expect(answer.status == 422)
    for pointer in ["/name", "/dataset", "/modle", "/parameters", "/algorithm/name"] {
      #expect(pointers.contains(pointer), "\(pointer) is missing in \(pointers)")
    }
  }

  @Test func whatComesLaterSaysSo() async throws {
    let caller = Caller()
    try await caller.makeStudy("a")
    let routes = Set(caller.api.routes.map(\.template))
    for reserved in Router.reserved {
      #expect(!routes.contains(reserved.text), "\(reserved.text) has a route: take its line away")
      let path = reserved.text.replacing("{name}", with: "a").replacing("{number}", with: "1")
      let answer = try await caller.call("POST", path, body: "{}")
      #expect(answer.status == 404)
      #expect(try JSONValue(parsing: answer.body)["detail"]?.stringValue == "\(path) is not supported yet.")
    }
    let other = try await caller.json("GET", "/v1/studies/a/trials/1/nothing")
    #expect(other["detail"]?.stringValue?.contains("/openapi.json") == true)
  }

  @Test func anEncodedBodyIsRefused() async throws {
    let caller = Caller()
    for (coding, status) in [("gzip", 415), ("identity, br", 415), ("", 201), ("Identity", 200)] {
      let body = StudyBench.definition("coded").text
      let answer = try await caller.call("POST", "/v1/studies", body: body, headers: [("Content-Encoding", coding)])
      #expect(answer.status == status, "\(coding): \(answer.status)")
      #expect((answer.headers["Accept-Encoding"] == "identity") == (status == 415))
    }
  }

  @Test func anEscapedSlashPartsNothing() async throws {
    let caller = Caller()
    try await caller.makeStudy("a")
    for (method, path) in [
      ("GET", "/v1/studies%2Fa"), ("GET", "/v1%2Fstudies/a"), ("GET", "/v1/studies/a%2Ftrials"),
      ("POST", "/v1/studies/a%2Fpause"), ("DELETE", "/v1/studies%2fa"), ("GET", "/v1/studies/a%2Fb"),
    ] {
      let answer = try await caller.call(method, path)
      #expect([404, 405].contains(answer.status), "\(method) \(path): \(answer.status)")
      #expect(answer.headers["Content-Type"] == "application/problem+json")
    }
    #expect(try await caller.json("GET", "/v1/studies/%61")["state"]?.stringValue == "running")
  }

  @Test func theTypeOfABodyIsJudged() async throws {
    let caller = Caller()
    let body = StudyBench.definition("typed").text
    for type in ["", ";", " ; charset=utf-8", "text/plain", "application/jsonp", "multipart/form-data"] {
      let answer = try await caller.call("POST", "/v1/studies", body: body, headers: [("Content-Type", type)])
      #expect(answer.status == 415 && answer.headers["Accept"] == "application/json", "\(type): \(answer.status)")
      #expect(try JSONValue(parsing: answer.body)["detail"]?.stringValue?.contains("Content-Type") == true)
    }
    for type in ["application/json", "Application/JSON ; charset=UTF-8", "application/x-www-form-urlencoded"] {
      let answer = try await caller.call("POST", "/v1/studies", body: body, headers: [("Content-Type", type)])
      #expect(answer.status < 300, "\(type): \(answer.status)")
    }
  }

  @Test func waitingTakesFractionsOfASecond() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    let tag = try #require(try await caller.call("GET", "/v1/studies/one").headers["ETag"])
    for (text, status) in [
      ("0", 304), ("0.05", 304), ("60", 200), ("60.5", 400), ("-1", 400), ("1e-2", 304), ("5E-2", 304), ("0e0", 304),
      ("6e1", 200),
      ("1e2", 400), ("1e999", 400), ("1e", 400), ("e1", 400), ("+1", 400), ("", 400), (".", 400),
      ("nan", 400), ("0x1", 400),
    ] {
      // Only what waits must not: a tag that the study has not got is answered at once.
      let known = status == 200 ? "\"other\"" : tag
      let answer = try await caller.call(
        "GET", "/v1/studies/one?wait_seconds=\(text)", headers: [("If-None-Match", known)])
      #expect(answer.status == status, "\(text)")
    }
  }

  @Test func waitingNeedsATag() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    let answer = try await caller.call("GET", "/v1/studies/one?wait_seconds=5")
    #expect(answer.status == 400 && String(decoding: answer.body, as: UTF8.self).contains("If-None-Match"))
  }

  @Test func onlyWhatIsNearIsSuggested() async throws {
    let caller = Caller()
    func detail(_ query: String) async throws -> String {
      try await caller.json("GET", "/v1/studies?\(query)")["detail"]?.stringValue ?? ""
    }
    for far in ["page=2", "order=best", "x=1", "per_page=3", "sort=a"] {
      #expect(try await !detail(far).contains("nearest"), "\(far)")
    }
    for (near, name) in [
      ("lable=a", "label"), ("states=running", "state"), ("lim=3", "limit"), ("algoritm=grid", "algorithm"),
    ] {
      #expect(try await detail(near).contains("; the nearest known one is \"\(name)\"."), "\(near)")
    }
  }

  @Test func readiness() async throws {
    #expect(try await Caller().call("GET", "/readyz").status == 200)
    let waiting = try await Caller(isReady: { false }).call("GET", "/readyz")
    #expect(waiting.status == 503 && waiting.headers["Retry-After"] != nil)
    #expect(try await Caller(isReady: { false }).call("GET", "/healthz").status == 200)
  }

  @Test func metricsAreWellFormed() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    let text = String(decoding: try await caller.call("GET", "/metrics").body, as: UTF8.self)
    #expect(text.contains("cairn_studies{state=\"running\"} 1\n"))
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ")
      #expect(parts.count == 2 && Double(parts[1]) != nil, "\(line)")
    }
  }
}
