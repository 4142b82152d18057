import Foundation
import HTTPMessages
import TestSupport
import Testing

@testable import TuningAPI

/// A client that waits to be told to send is told only where its body will be looked at.
@Suite struct AwaitedBodyTests {
  @Test func whatIsRefusedAnywayIsRefusedFirst() async throws {
    let caller = Caller(token: "secret")
    let token = ("Authorization", "Bearer secret")
    let json = ("Content-Type", "application/json")
    let cases: [(String, String, [(String, String)], Int)] = [
      ("POST", "/v1/studies", [json], 401), ("POST", "/v1/nothing", [token, json], 404),
      ("PUT", "/v1/studies", [token, json], 405),
      ("POST", "/v1/studies", [token, ("Content-Type", "text/plain")], 415),
      ("POST", "/v1/studies", [token, json, ("Content-Encoding", "gzip")], 415),
      ("POST", "/v1/datasets", [token, ("Content-Type", "text/csv")], 415),
      ("POST", "/v1/datasets", [token, ("Content-Type", "multipart/form-data")], 400),
      ("POST", "/v1/studies/none/pause", [token], 404),
      ("PATCH", "/v1/studies/none", [token, ("If-Match", "\"a\"")], 404),
      ("POST", "/healthz", [json], 405), ("POST", "/", [json], 405),
    ]
    for (method, path, headers, status) in cases {
      let (answer, isRead) = await caller.callAwaited(method, path, body: "{}", headers: headers)
      #expect(answer.status == status && !isRead, "\(method) \(path): \(answer.status)")
    }
    let other = await Caller().callAwaited("POST", "/v1/studies", body: "{}", headers: [("Host", "evil.example")])
    #expect(other.answer.status == 421 && !other.isRead)
  }

  @Test func theRestIsReadAndServed() async throws {
    let caller = Caller()
    let body = StudyBench.definition("one").text
    let made = await caller.callAwaited("POST", "/v1/studies", body: body, headers: [("Idempotency-Key", "k")])
    #expect(made.answer.status == 201 && made.isRead)
    let again = await caller.callAwaited("POST", "/v1/studies", body: body, headers: [("Idempotency-Key", "k")])
    #expect(again.answer.status == 201 && again.answer.headers["Idempotent-Replayed"] == "true")
    let patched = await caller.callAwaited("PATCH", "/v1/studies/one", body: #"{"notes": "x"}"#)
    #expect(patched.answer.status == 200 && patched.isRead)
    #expect(await caller.callAwaited("POST", "/v1/studies", body: "{").answer.status == 400)
  }
}
