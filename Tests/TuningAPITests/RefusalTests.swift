import HTTPMessages
import JSONText
import Studies
import Testing

@testable import TuningAPI

/// What a caller is told of each reason why a data set is not brought in or taken away.
@Suite struct RefusalTests {
  /// One of each; a new case does not compile until it has a line here.
  private static func expected(_ refusal: DatasetRefusal) -> (status: Int, detail: String) {
    switch refusal {
    case .invalid: (422, "x.csv: it is wrong.")
    case .conflict: (409, "It exists.")
    case .unknown: (404, "There is no data set cats.")
    case .unavailable: (503, "The disk is full.")
    case .unknownUse: (503, "The store could not be read or written; nothing was changed.")
    }
  }

  private static let all: [DatasetRefusal] = [
    .invalid("x.csv: it is wrong."), .conflict("It exists."), .unknown("There is no data set cats."),
    .unavailable("The disk is full."), .unknownUse(.failure("gone")),
  ]

  @Test(arguments: all) func everyRefusalIsAProblem(_ refusal: DatasetRefusal) {
    let problem = APIProblem(refusal)
    let expected = Self.expected(refusal)
    #expect(problem.status == expected.status && problem.detail == expected.detail)
    #expect(problem.headers.contains { $0.0 == "Retry-After" } == (problem.status == 503))
  }

  @Test(arguments: LibraryDouble.Trouble.allCases)
  func whatTheMachineRefusesIsToldAndPasses(_ trouble: LibraryDouble.Trouble) async throws {
    let caller = Caller()
    func ask() async throws -> HTTPResponse {
      switch trouble {
      case .examine: return try await caller.call("GET", "/v1/datasets/none")
      case .remove: return try await caller.call("DELETE", "/v1/datasets/none")
      case .fetch:
        let file = #"{"url": "http://h/x", "sha256": "\#(String(repeating: "0", count: 64))"}"#
        return try await caller.call(
          "POST", "/v1/datasets", body: #"{"name": "x", "format": "csv", "files": [\#(file)]}"#)
      case .place, .begin, .write, .end, .add: return await Self.upload(to: caller)
      }
    }
    caller.library.trouble = trouble
    for _ in 0..<2 {
      let answer = try await ask()
      #expect(answer.status == 503 && answer.headers["Retry-After"] != nil)
      #expect(try JSONValue(parsing: answer.body)["detail"]?.stringValue == "The disk is full.")
      #expect(caller.library.placesInUse == 0)
    }
    caller.library.trouble = nil
    let later = try await ask().status
    #expect(later == (trouble == .examine || trouble == .remove ? 404 : trouble == .fetch ? 202 : 201))
    #expect(caller.library.placesInUse == 0)
  }

  private static func upload(to caller: Caller) async -> HTTPResponse {
    let form =
      "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nup\r\n"
      + "--b\r\nContent-Disposition: form-data; name=\"format\"\r\n\r\ncsv\r\n"
      + "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"f\"\r\n\r\nabc\r\n--b--\r\n"
    var request = HTTPRequest(
      method: "POST", target: "/v1/datasets", path: "/v1/datasets",
      headers: HTTPHeaders([("Content-Type", "multipart/form-data; boundary=b")]))
    request.bodyStream = BodyInPieces(form).reader
    return await caller.api.handler(request)
  }
}
