import Foundation
import HTTPMessages
import TestSupport
import Testing

@testable import TuningAPI

/// Who is let in, and which files are given.
@Suite struct AccessTests {
  @Test func aTokenGuardsTheAPI() async throws {
    let caller = Caller(token: "a secret of some length")
    for path in ["/v1/studies", "/v1", "/v1/nothing", "/metrics"] {
      #expect(try await caller.call("GET", path).status == 401, "\(path)")
      for wrong in ["Bearer wrong", "Bearer", "a secret of some length", "Basic a secret of some length", "Bearer "] {
        let answer = try await caller.call("GET", path, headers: [("Authorization", wrong)])
        #expect(answer.status == 401 && answer.headers["WWW-Authenticate"] != nil, "\(path) \(wrong)")
      }
      for scheme in ["bearer ", "Bearer  ", "BEARER    "] {
        let right = try await caller.call("GET", path, headers: [("Authorization", scheme + "a secret of some length")])
        #expect(right.status != 401, "\(path) \(scheme)")
      }
    }
    for path in ["/", "/healthz", "/readyz", "/openapi.json"] {
      #expect(try await caller.call("GET", path).status == 200, "\(path)")
    }
  }

  /// What a browser sends back of `Set-Cookie`.
  private func cookie(_ answer: HTTPResponse) throws -> String {
    let field = try #require(answer.headers["Set-Cookie"])
    for word in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] { #expect(field.contains(word)) }
    return String(field.prefix { $0 != ";" })
  }

  @Test func theTokenBecomesASession() async throws {
    let caller = Caller(token: "secret")
    for headers in [[], [("Authorization", "Bearer wrong")]] {
      let refused = try await caller.call("POST", "/v1/session", headers: headers)
      #expect(refused.status == 401 && refused.headers["Set-Cookie"] == nil)
    }
    let begun = try await caller.call("POST", "/v1/session", headers: [("Authorization", "Bearer secret")])
    #expect(begun.status == 204)
    let cookie = try cookie(begun)
    for cookies in [cookie, "a=b; \(cookie); c=d"] {
      #expect(try await caller.call("GET", "/v1/studies", headers: [("Cookie", cookies)]).status == 200)
      #expect(try await caller.call("GET", "/metrics", headers: [("Cookie", cookies)]).status == 200)
    }
    // A session begins no other.
    let own = [("Cookie", cookie), ("Host", "h"), ("Origin", "http://h")]
    #expect(try await caller.call("POST", "/v1/session", headers: own).status == 401)
    // The wrong token is wrong, whatever comes with it.
    let both = [("Cookie", cookie), ("Authorization", "Bearer wrong")]
    #expect(try await caller.call("GET", "/v1/studies", headers: both).status == 401)
    let ended = try await caller.call("DELETE", "/v1/session", headers: own)
    #expect(ended.status == 204 && ended.headers["Set-Cookie"]?.contains("Max-Age=0;") == true)
  }

  @Test func changesInASessionNeedAnOriginOfTheirOwn() async throws {
    let caller = Caller(token: "secret")
    let cookie = try cookie(try await caller.call("POST", "/v1/session", headers: [("Authorization", "Bearer secret")]))
    let body = StudyBench.definition("mine").text
    for (host, origin, status) in [
      ("h:1", "http://h:1", 201), ("h", "https://h:443", 200), ("H:80", "http://h", 200), ("h:1", "http://h:2", 403),
      ("h:1", "http://other", 403), ("h", "null", 403), ("h", "http://h.evil", 403), ("h", "ftp://h", 403),
      ("h:443", "http://h", 403),
    ] {
      let answer = try await caller.call(
        "POST", "/v1/studies", body: body, headers: [("Cookie", cookie), ("Host", host), ("Origin", origin)])
      #expect(answer.status == status, "\(host) \(origin): \(answer.status)")
    }
    let none = try await caller.call("POST", "/v1/studies", body: body, headers: [("Cookie", cookie), ("Host", "h")])
    #expect(none.status == 403)
    // A program that shows the token needs no origin.
    let program = [("Authorization", "Bearer secret"), ("Cookie", cookie), ("Host", "h"), ("Origin", "http://other")]
    #expect(try await caller.call("POST", "/v1/studies", body: body, headers: program).status == 200)
  }

  @Test func sessionsEndAndCannotBeMadeUp() throws {
    let sessions = Sessions(token: "secret")
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    let cookie = String(sessions.begin(at: now).prefix { $0 != ";" })
    func isOpen(_ cookie: String, _ sessions: Sessions = sessions, after seconds: Int = 0) -> Bool {
      let request = HTTPRequest(
        method: "GET", target: "/", path: "/", headers: HTTPHeaders([("Cookie", cookie)]))
      return sessions.isOpen(request, at: now + Double(seconds))
    }
    #expect(isOpen(cookie) && isOpen(cookie, after: Sessions.lifetime - 1))
    #expect(!isOpen(cookie, after: Sessions.lifetime))
    // As after a restart, and with another token.
    #expect(isOpen(cookie, Sessions(token: "secret")))
    let other = Sessions(token: "another")
    #expect(!isOpen(cookie, other) && other.name != sessions.name)
    let value = cookie.dropFirst(sessions.name.count + 1)
    let parts = value.split(separator: "-")
    for made in [
      "", "1", "\(Int(parts[0])! + 1)-\(parts[1])-\(parts[2])", "\(parts[0])-\(parts[2])", "\(value)0",
      "\(parts[0])-x-\(parts[2])", "\(parts[0])-\(parts[1])-\(String(repeating: "0", count: 64))",
    ] {
      #expect(!isOpen("\(sessions.name)=\(made)"), "\(made)")
    }
    #expect(!isOpen("other=\(value)"))
  }

  @Test func wrongTokensAreCounted() throws {
    let limiter = GuessLimiter()
    let start = 1000.0
    func isLetIn(_ peer: String, _ seconds: Double) -> Bool {
      (try? limiter.check(peer, at: start + seconds)) != nil
    }
    for _ in 0..<Int(GuessLimiter.burst) {
      #expect(isLetIn("192.0.2.1", 0))
      limiter.note("192.0.2.1", at: start)
    }
    #expect(!isLetIn("192.0.2.1", 0) && !isLetIn("192.0.2.1", GuessLimiter.refill - 1))
    #expect(isLetIn("192.0.2.2", 0) && isLetIn("192.0.2.1", GuessLimiter.refill))
    #expect(GuessLimiter.key("2001:db8::1") == GuessLimiter.key("2001:db8:0:0:ffff::2"))
    #expect(GuessLimiter.key("2001:db8:0:1::1") != GuessLimiter.key("2001:db8::1"))
    #expect(GuessLimiter.key("::ffff:192.0.2.1") != GuessLimiter.key("::ffff:192.0.2.2"))
    // Many addresses do not take ever more memory, and the one that goes on is still known.
    for index in 0..<10_000 { limiter.note("10.0.\(index / 256).\(index % 256)", at: start) }
    for _ in 0..<Int(GuessLimiter.burst) { limiter.note("192.0.2.3", at: start) }
    #expect(!isLetIn("192.0.2.3", 0))
  }

  @Test func afterTooManyGuessesTheRightTokenStillPasses() async throws {
    // No time passes in which another guess would be allowed.
    let caller = Caller(token: "secret", change: { $0.clock = ManualClock() })
    let cookie = try cookie(try await caller.call("POST", "/v1/session", headers: [("Authorization", "Bearer secret")]))
    let wrong = [("Authorization", "Bearer wrong")]
    for _ in 0..<Int(GuessLimiter.burst) {
      #expect(try await caller.call("GET", "/v1/studies", headers: wrong).status == 401)
    }
    let answer = try await caller.call("GET", "/v1/studies", headers: wrong)
    #expect(answer.status == 429 && answer.headers["Retry-After"] != nil)
    let right = [("Authorization", "Bearer secret")]
    #expect(try await caller.call("GET", "/v1/studies", headers: right).status == 200)
    #expect(try await caller.call("POST", "/v1/session", headers: right).status == 204)
    #expect(try await caller.call("GET", "/v1/studies", headers: [("Cookie", cookie)]).status == 200)
    #expect(try await caller.call("GET", "/v1/studies", headers: wrong).status == 429)
  }

  @Test func withoutATokenThereIsNothingToRemember() async throws {
    let answer = try await Caller().call("POST", "/v1/session")
    #expect(answer.status == 204 && answer.headers["Set-Cookie"] == nil)
  }

  @Test func anotherSiteChangesNothing() async throws {
    let caller = Caller()
    try await caller.makeStudy("a")
    for (origin, status) in [
      ("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:1", 403), ("http://127.0.0.1:8080", 200),
    ] {
      let headers = [("Host", "127.0.0.1:8080"), ("Origin", origin)]
      for path in ["/v1/studies/a/pause", "/v1/studies/a/resume"] {
        #expect(try await caller.call("POST", path, headers: headers).status == status, "\(origin)")
      }
      #expect(try await caller.call("GET", "/v1/studies/a", headers: headers).status == 200)
    }
    #expect(try await caller.call("POST", "/v1/studies/a/pause").status == 200)
  }

  @Test func filesOutsideTheFolderAreNotGiven() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let inside = folder.appendingPathComponent("public/js")
    try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
    try Data("page".utf8).write(to: folder.appendingPathComponent("public/index.html"))
    try Data("code".utf8).write(to: inside.appendingPathComponent("a.js"))
    try Data("secret".utf8).write(to: folder.appendingPathComponent("secret"))
    try Data("hidden".utf8).write(to: folder.appendingPathComponent("public/.hidden"))
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("public/link"), withDestinationURL: folder.appendingPathComponent("secret"))
    let caller = Caller(publicFolder: folder.path + "/public")
    let page = try await caller.call("GET", "/")
    #expect(page.body == Array("page".utf8) && page.headers["Content-Security-Policy"] != nil)
    let code = try await caller.call("GET", "/js/a.js")
    #expect(code.status == 200 && code.headers["Content-Type"]?.hasPrefix("text/javascript") == true)
    for path in [
      "/../secret", "/%2e%2e/secret", "/js/../../secret", "/link", "/.hidden", "/js", "/secret", "/..%2fsecret",
      "/js%2fa.js",
    ] {
      let answer = try await caller.call("GET", path)
      #expect(answer.status == 404, "\(path): \(answer.status)")
    }
    let tag = try #require(page.headers["ETag"])
    #expect(try await caller.call("GET", "/", headers: [("If-None-Match", tag)]).status == 304)
    #expect(try await caller.call("POST", "/js/a.js").status == 405)
  }

  @Test func nobodyGuessesTypes() async throws {
    let caller = Caller(token: "secret")
    for (path, status) in [("/v1/studies", 401), ("/", 200), ("/healthz", 200), ("/no", 404), ("/openapi.json", 200)] {
      let answer = try await caller.call("GET", path)
      #expect(answer.status == status && answer.headers.values(of: "X-Content-Type-Options") == ["nosniff"], "\(path)")
    }
    let list = try await caller.call("GET", "/v1/studies", headers: [("Authorization", "Bearer secret")])
    #expect(list.headers["X-Content-Type-Options"] == "nosniff")
    #expect(MessageFault(400, "x").response.headers["X-Content-Type-Options"] == "nosniff")
  }

  @Test func framesAreAllowedByName() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("page".utf8).write(to: folder.appendingPathComponent("index.html"))
    for (given, expected) in [(nil, "'none'"), ("'self' https://hub.example", "'self' https://hub.example")] {
      let caller = Caller(publicFolder: folder.path, change: { if let given { $0.frameAncestors = given } })
      let policy = try await caller.call("GET", "/").headers["Content-Security-Policy"]
      #expect(policy?.contains("frame-ancestors \(expected);") == true)
    }
  }

  @Test func withoutAFolderThePageSaysWhereItLooked() async throws {
    let answer = try await Caller().call("GET", "/")
    #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("/nowhere"))
  }
}
