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
      let right = try await caller.call("GET", path, headers: [("Authorization", "bearer a secret of some length")])
      #expect(right.status != 401, "\(path)")
    }
    for path in ["/", "/healthz", "/readyz", "/openapi.json"] {
      #expect(try await caller.call("GET", path).status == 200, "\(path)")
    }
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

  @Test func withoutAFolderThePageSaysWhereItLooked() async throws {
    let answer = try await Caller().call("GET", "/")
    #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("/nowhere"))
  }
}
