import Foundation
import HTTPMessages
import TestSupport
import Testing

@testable import TuningAPI

/// By which names and below which path the service is met.
@Suite struct HostTests {
  private static let own = [
    "localhost", "LOCALHOST:8080", "localhost.", "localhost.:80", "127.0.0.1", "127.0.0.1:8080", "127.255.0.9", "[::1]",
    "[::1]:8080", "[0:0:0:0:0:0:0:1]",
  ]
  private static let others = [
    "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1x", "128.0.0.1",
    "10.0.0.1:80", "[::2]", "[fe80::1]", "0.0.0.0", "[::]", "127.1", "2130706433", "0x7f000001", "", ":8080",
    "localhost..",
    "[::ffff:10.0.0.1]",
  ]
  private static let paths = [
    "/", "/healthz", "/readyz", "/openapi.json", "/v1/studies", "/v1/nothing", "/metrics", "/no",
  ]

  @Test func withoutATokenOnlyThisMachinesNamesAreHosts() async throws {
    let caller = Caller()
    for path in Self.paths {
      for host in Self.own {
        #expect(try await caller.call("GET", path, headers: [("Host", host)]).status != 421, "\(host) \(path)")
      }
      for host in Self.others {
        let answer = try await caller.call("GET", path, headers: [("Host", host)])
        #expect(answer.status == 421, "\(host) \(path)")
        #expect(String(decoding: answer.body, as: UTF8.self).contains("--allowed-host"))
      }
      // A request of HTTP/1.0 may have none.
      #expect(try await caller.call("GET", path).status != 421)
    }
    let body = StudyBench.definition("mine").text
    for headers in [[("Host", "evil.example")], [("Host", "evil.example"), ("Origin", "http://evil.example")]] {
      #expect(try await caller.call("POST", "/v1/studies", body: body, headers: headers).status == 421)
      #expect(try await caller.call("OPTIONS", "/v1/studies", headers: headers).status == 421)
    }
    #expect(try await caller.call("GET", "/v1/studies/mine").status == 404)
  }

  @Test func namesCanBeAdded() async throws {
    let caller = Caller(change: { $0.hosts = HostRule(adding: ["cairn.example", "[fd00::1]", "10.0.0.1"]) })
    for host in Self.own + ["Cairn.Example", "cairn.example.:81", "[FD00::1]:80", "10.0.0.1"] {
      #expect(try await caller.call("GET", "/healthz", headers: [("Host", host)]).status == 200, "\(host)")
    }
    for host in ["a.cairn.example", "cairn.example.org", "cairn.exampl", "10.0.0.2"] {
      #expect(try await caller.call("GET", "/healthz", headers: [("Host", host)]).status == 421, "\(host)")
    }
    #expect(HostRule.name(in: "A.example:80") == "a.example" && HostRule.name(in: "[::1]:2") == "[::1]")
    for wrong in ["", "a b", "http://a", "a/b", "*"] where wrong != "*" { #expect(HostRule.name(in: wrong) == nil) }
  }

  @Test func withATokenEveryNameIsAHost() async throws {
    let caller = Caller(token: "secret")
    for host in Self.own + Self.others {
      let headers = [("Host", host), ("Authorization", "Bearer secret")]
      #expect(try await caller.call("GET", "/v1/studies", headers: headers).status == 200, "\(host)")
      #expect(try await caller.call("GET", "/healthz", headers: [("Host", host)]).status == 200, "\(host)")
    }
  }

  @Test func aBasePathIsAcceptedAndLeftOff() async throws {
    let caller = Caller(token: "secret", change: { $0.basePath = BasePath("/hub/cairn/")! })
    let token = [("Authorization", "Bearer secret")]
    func call(_ method: String, _ path: String, body: String = "") async throws -> HTTPResponse {
      try await caller.call(method, path, body: body, headers: token)
    }
    let made = try await call("POST", "/hub/cairn/v1/studies", body: StudyBench.definition("one").text)
    #expect(made.status == 201 && made.headers["Location"] == "/hub/cairn/v1/studies/one")
    let stripped = try await call("POST", "/v1/studies", body: StudyBench.definition("two").text)
    #expect(stripped.status == 201 && stripped.headers["Location"] == "/hub/cairn/v1/studies/two")
    for path in ["/hub/cairn/v1/studies/one", "/v1/studies/one", "/hub/cairn/", "/hub/cairn/healthz", "/healthz", "/"] {
      #expect(try await call("GET", path).status == 200, "\(path)")
    }
    for path in ["/hub/cairnv1/studies", "/hub/v1/studies", "/hub/cairn/hub/cairn/healthz"] {
      #expect(try await call("GET", path).status == 404, "\(path)")
    }
    let bare = try await call("GET", "/hub/cairn")
    #expect(bare.status == 308 && bare.headers["Location"] == "/hub/cairn/")
    for path in ["/hub/cairn/v1/studies?limit=1", "/v1/studies?limit=1"] {
      let page = try await call("GET", path)
      #expect(page.headers["Link"]?.hasPrefix("<?limit=1&after=") == true)
    }
    let session = try await call("POST", "/hub/cairn/v1/session")
    #expect(session.headers["Set-Cookie"]?.contains("; Path=/hub/cairn;") == true)
    // The guard comes before both.
    #expect(try await caller.call("GET", "/hub/cairn/v1/studies").status == 401)
    #expect(BasePath("")?.text == "" && BasePath("/")?.text == "" && BasePath("/a/b-c.d")?.text == "/a/b-c.d")
    for wrong in ["a", "/a b", "/a/../b", "/v1", "/v1/x", "/a?b", "/ä", "/a;b", "http://a/"] {
      #expect(BasePath(wrong) == nil, "\(wrong)")
    }
  }

  @Test func aHeadSaysHowItsBodyIsTaken() throws {
    let policy = Caller(change: { $0.basePath = BasePath("/c")! }).api.bodyPolicy
    func taken(_ target: String, _ fields: String) throws -> BodyPolicy {
      let text = "POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\(fields)\r\n"
      guard case .complete(let head, _) = RequestParser.parse(Array(text.utf8)) else {
        throw Caller.Refused(answer: "no request")
      }
      return policy(head)
    }
    let upload = BodyPolicy.stream(maximum: TuningAPI.uploadLimit)
    for target in ["/v1/datasets", "/c/v1/datasets"] {
      #expect(try taken(target, "Content-Type: multipart/form-data; boundary=a\r\n") == upload)
      #expect(try taken(target, "Content-Type: Multipart/Form-Data\r\n") == upload)
      #expect(try taken(target, "Content-Type: text/csv\r\n") == upload)
      #expect(try taken(target, "Content-Type: application/json; charset=utf-8\r\n") == .collect())
      #expect(try taken(target, "") == .collect())
    }
    #expect(try taken("/v1/studies", "Content-Type: multipart/form-data\r\n") == .collect())
    #expect(try taken("/v1/studies", "Expect: 100-continue\r\n") == .stream())
  }
}
