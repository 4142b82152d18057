import Foundation
import HTTPMessages
import JSONText
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// The same key and body, the first answer.
@Suite struct IdempotencyTests {
  private let caller = Caller()
  private static let nameless: String = {
    var definition = StudyBench.definition("x").objectValue ?? JSONObject()
    definition["name"] = nil
    return JSONValue.object(definition).text
  }()

  private func post(_ body: String, key: String, path: String = "/v1/studies") async throws -> HTTPResponse {
    try await caller.call("POST", path, body: body, headers: [("Idempotency-Key", key)])
  }

  private func studies() async throws -> Int {
    try await caller.json("GET", "/v1/studies")["items"]?.arrayValue?.count ?? 0
  }

  @Test func theFirstAnswerIsGivenAgain() async throws {
    let first = try await post(Self.nameless, key: "a")
    #expect(first.status == 201 && first.headers["Idempotent-Replayed"] == nil)
    // Even where the study has changed, or is gone, by then.
    let location = try #require(first.headers["Location"])
    _ = try await caller.call("POST", location + "/pause")
    for change in ["", "DELETE"] {
      if !change.isEmpty { #expect(try await caller.call(change, location).status == 204) }
      let again = try await post(Self.nameless, key: "a")
      #expect(again.status == 201 && again.body == first.body && again.headers["Idempotent-Replayed"] == "true")
      #expect(again.headers["Location"] == location && again.headers["ETag"] == first.headers["ETag"])
    }
    #expect(try await studies() == 0)
    #expect(try await post(Self.nameless, key: "b").status == 201)
    #expect(try await caller.call("POST", "/v1/studies", body: Self.nameless).status == 201)
    #expect(try await studies() == 2)
  }

  @Test func aKeyStandsForOneBodyAndOnePath() async throws {
    #expect(try await post(StudyBench.definition("one").text, key: "k").status == 201)
    let other = try await post(StudyBench.definition("two").text, key: "k")
    #expect(other.status == 422 && other.headers["Content-Type"] == "application/problem+json")
    #expect(try await studies() == 1)
    #expect(try await post("", key: "k", path: "/v1/studies/one/pause").status == 200)
    // A refusal is an answer too.
    #expect(try await post("{", key: "m").status == 400)
    #expect(try await post("{}", key: "m").status == 422)
    #expect(try await post("{", key: "m").headers["Idempotent-Replayed"] == "true")
  }

  @Test func whatWasDoneWithoutAnAnswerIsNotDoneTwice() async throws {
    await caller.answers.setLosesAnswers(true)
    let first = try await post(Self.nameless, key: "a")
    let second = try await post(Self.nameless, key: "a")
    #expect(first.status == 201 && second.status == 201)
    #expect(first.headers["Location"] == second.headers["Location"])
    #expect(try await post("{}", key: "a").status == 422)
    await caller.answers.setLosesAnswers(false)
    #expect(try await post(Self.nameless, key: "a").headers["Location"] == first.headers["Location"])
    #expect(try await studies() == 1)
  }

  @Test func manyAtOnceMakeOne() async throws {
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { try await post(Self.nameless, key: "many").status } }
      return try await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(Set(statuses).isSubset(of: [201, 409]) && statuses.contains(201))
    #expect(try await studies() == 1)
  }

  @Test(arguments: ["", String(repeating: "k", count: 256), "a\tb", "ä"])
  func keysThatAreNone(_ key: String) async throws {
    #expect(try await post("{}", key: key).status == 400)
  }

  @Test func otherMethodsAndSessionsKeepNothing() async throws {
    try await caller.makeStudy("one")
    let key = [("Idempotency-Key", "k")]
    #expect(try await caller.call("PATCH", "/v1/studies/one", body: "{\"notes\": \"a\"}", headers: key).status == 200)
    #expect(try await caller.call("PATCH", "/v1/studies/one", body: "{\"notes\": \"b\"}", headers: key).status == 200)
    for _ in 0..<2 {
      let answer = try await caller.call("POST", "/v1/session", headers: key)
      #expect(answer.status == 204 && answer.headers["Idempotent-Replayed"] == nil)
    }
  }

  @Test func uploadsAreReadToTheirEndAndCompared() async throws {
    func upload(_ text: String) async throws -> HTTPResponse {
      let form =
        "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n\(text)\r\n"
        + "--b\r\nContent-Disposition: form-data; name=\"format\"\r\n\r\ncsv\r\n"
        + "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\na\r\n--b--\r\n"
      var request = HTTPRequest(
        method: "POST", target: "/v1/datasets", path: "/v1/datasets",
        headers: HTTPHeaders([("Content-Type", "multipart/form-data; boundary=b"), ("Idempotency-Key", "u")]))
      request.bodyStream = BodyInPieces(form, size: 7).reader
      return await caller.api.handler(request)
    }
    let first = try await upload("abc")
    #expect(first.status == 201)
    let again = try await upload("abc")
    #expect(again.status == 201 && again.headers["Idempotent-Replayed"] == "true")
    #expect(try await upload("abd").status == 422)
    #expect(try await caller.call("GET", "/v1/datasets").status == 200)
  }
}
