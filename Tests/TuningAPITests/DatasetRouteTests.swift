import HTTPMessages
import JSONText
import Testing

@testable import TuningAPI

/// What is said of bodies that bring data sets in, every fault at once.
@Suite struct DatasetRouteTests {
  private let caller = Caller()

  private func faults(_ body: String) async throws -> [String] {
    let answer = try await caller.call("POST", "/v1/datasets", body: body)
    #expect(answer.status == 422, "\(body): \(answer.status)")
    return try JSONValue(parsing: answer.body)["errors"]?.arrayValue?.map {
      "\($0["pointer"]?.stringValue ?? "?"): \($0["detail"]?.stringValue ?? "?")"
    } ?? []
  }

  private static let digest = String(repeating: "0", count: 64)

  @Test func everyFaultOfABody() async throws {
    for (body, pointers) in [
      ("[]", [""]), ("{}", ["", "", ""]),
      (#"{"name": "A", "format": "xml", "files": [], "scaling": "max"}"#, ["/name", "/format", "/scaling", "/files"]),
      // A key that was probably meant to be another is not missing too.
      (#"{"nam": "a", "format": "csv", "fils": []}"#, ["/nam", "/fils"]),
      (
        #"{"name": "a", "format": "csv", "files": [1, {}, {"path": 1}, {"x/y": 1}]}"#,
        ["/files/0", "/files/1", "/files/2/path", "/files/3/x~1y", "/files/3"]
      ),
      (
        #"{"name": "a", "format": "csv", "files": [{"path": "a", "url": "b"}, {"path": "a", "sha256": "b"}]}"#,
        ["/files/0/url", "/files/1/sha256"]
      ),
      (
        #"{"name": "a", "format": "csv", "files": [{"url": 1}, {"url": "http://h"}, {"url": "ftp://h", "sha256": "x"}]}"#,
        ["/files/0/url", "/files/0", "/files/1", "/files/2/url", "/files/2/sha256"]
      ),
      (
        #"{"name": 1, "format": 1, "scaling": 1, "files": [{"path": "nowhere.csv"}]}"#,
        ["/name", "", "/scaling", "/files/0/path"]
      ),
    ] {
      let found = try await faults(body)
      #expect(found.map { String($0.prefix { $0 != ":" }) } == pointers, "\(body): \(found)")
    }
  }

  @Test func anUnknownKeyNamesTheNearest() async throws {
    let found = try await faults(
      #"{"name": "a", "format": "csv", "formatt": 1, "files": [{"url": "http://h", "sha265": "\#(Self.digest)"}]}"#)
    #expect(found.contains(#"/formatt: Unknown key "formatt"; the nearest known one is "format"."#))
    #expect(found.contains(#"/files/0/sha265: Unknown key "sha265"; the nearest known one is "sha256"."#))
  }

  @Test func whatIsFetchedIsAnsweredAtOnce() async throws {
    let body = #"{"name": "far", "format": "csv", "files": [{"url": "http://h/x", "sha256": "\#(Self.digest)"}]}"#
    let answer = try await caller.call("POST", "/v1/datasets", body: body)
    #expect(answer.status == 202 && answer.headers["Location"] == "/v1/datasets/far")
    let status = try JSONValue(parsing: answer.body)
    #expect(status["state"]?.stringValue == "importing" && status["examples"] == .null)
    #expect(status["received_bytes"]?.integerValue == 0)
    #expect(try await caller.json("GET", "/v1/datasets/far") == status)
    let items = try await caller.json("GET", "/v1/datasets")["items"]?.arrayValue ?? []
    #expect(items.map { $0["name"]?.stringValue } == ["far", "toy"] && items.first == status)
    let toy = try await caller.json("GET", "/v1/datasets/toy")
    #expect(
      toy.text
        == #"{"name":"toy","examples":10,"second_part_examples":4,"shape":[2],"classes":["0","1"],"#
        + #""columns":null,"sha256":"\#(Self.digest)","origin":"test","state":"ready"}"#)
    #expect(toy == items.last)
  }

  @Test func withoutALibraryNothingIsBroughtIn() async throws {
    let caller = Caller(change: { $0.library = nil })
    for (method, path) in [("POST", "/v1/datasets"), ("DELETE", "/v1/datasets/toy")] {
      #expect(try await caller.call(method, path, body: "{}").status == 503, "\(method) \(path)")
    }
    #expect(try await caller.call("GET", "/v1/datasets").status == 200)
    #expect(try await caller.call("GET", "/v1/datasets/none").status == 404)
  }
}
