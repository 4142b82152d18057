import Foundation
import HTTPMessages
import TestSupport
import Testing

@testable import TuningAPI

/// What is answered at once, without a task: it must be the very answer that takes its time elsewhere.
@Suite struct KnownAnswerTests {
  private func request(_ path: String, _ fields: [(String, String)] = [], method: String = "GET") -> HTTPRequest {
    HTTPRequest(method: method, target: path, path: path, headers: HTTPHeaders(fields))
  }

  private func now(_ caller: Caller, _ path: String, _ fields: [(String, String)] = [], method: String = "GET")
    -> HTTPResponse?
  {
    if case .now(let response) = caller.api.answerer(request(path, fields, method: method)) { response } else { nil }
  }

  @Test func whatNeedsNoStoreIsKnown() async throws {
    let caller = Caller()
    #expect(now(caller, "/healthz")?.status == 200)
    #expect(now(caller, "/healthz", method: "HEAD")?.status == 200)
    #expect(now(caller, "/healthz", [("Accept", "text/html")])?.status == 406)
    let tag = try #require(now(caller, "/healthz")?.headers["ETag"])
    #expect(now(caller, "/healthz", [("If-None-Match", tag)])?.status == 304)
    #expect(now(caller, "/healthz", [("Host", "elsewhere.example")])?.status == 421)
    #expect(now(caller, "/v1/studies") == nil && now(caller, "/readyz") == nil)
    // A long answer that is to be compressed is work.
    #expect(now(caller, "/openapi.json")?.status == 200)
    #expect(now(caller, "/openapi.json", [("Accept-Encoding", "gzip")]) == nil)
  }

  @Test func aRefusalIsKnown() async throws {
    let caller = Caller(token: "secret")
    #expect(now(caller, "/v1/studies")?.status == 401)
    #expect(now(caller, "/v1/studies/kept/trials/1")?.status == 401)
    #expect(now(caller, "/v1/studies", [("Authorization", "Bearer secret")]) == nil)
    #expect(now(caller, "/healthz")?.status == 200)
  }

  @Test func aFinishedTrialIsKnownOnceItWasAskedFor() async throws {
    let caller = Caller()
    let path = "/v1/studies/kept/trials/1"
    try await caller.makeStudy("kept")
    try await caller.bench.work(2, on: "kept")
    #expect(now(caller, path) == nil)
    let made = try await caller.call("GET", path)
    let known = try #require(now(caller, path))
    #expect(known.body == made.body && known.headers["ETag"] == made.headers["ETag"])
    #expect(known.headers["X-Content-Type-Options"] == "nosniff")
    #expect(now(caller, path, [("If-None-Match", try #require(made.headers["ETag"]))])?.status == 304)
    #expect(now(caller, "/v1/studies/kept/trials/01") == nil)
    _ = try await caller.call("DELETE", "/v1/studies/kept")
    #expect(now(caller, path) == nil)
  }

  @Test func aFileIsKnownUntilItChanges() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-known-\(UUID().uuidString)").path
    let outside = folder + "-outside"
    for path in [folder, outside] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    defer { for path in [folder, outside] { try? FileManager.default.removeItem(atPath: path) } }
    func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    try write("one", to: folder + "/a.css")
    let caller = Caller(publicFolder: folder)
    #expect(now(caller, "/a.css") == nil)
    let made = try await caller.call("GET", "/a.css")
    let known = try #require(now(caller, "/a.css"))
    #expect(known.body == made.body && known.headers == made.headers && known.body == Array("one".utf8))
    #expect(now(caller, "/a.css", [("Range", "bytes=1-1")])?.body == Array("n".utf8))
    #expect(now(caller, "/a.css", method: "POST") == nil)
    // The same length, another file.
    try FileManager.default.removeItem(atPath: folder + "/a.css")
    try write("two", to: folder + "/a.css")
    #expect(now(caller, "/a.css") == nil)
    #expect(try await caller.call("GET", "/a.css").body == Array("two".utf8))
    #expect(now(caller, "/a.css")?.body == Array("two".utf8))
    // A link that leads outside afterwards is not followed.
    try write("secret", to: outside + "/b.css")
    try FileManager.default.removeItem(atPath: folder + "/a.css")
    try FileManager.default.createSymbolicLink(atPath: folder + "/a.css", withDestinationPath: outside + "/b.css")
    #expect(now(caller, "/a.css") == nil)
    #expect(try await caller.call("GET", "/a.css").status == 404)
    try FileManager.default.removeItem(atPath: folder + "/a.css")
    #expect(now(caller, "/a.css") == nil)
  }
}
