import Foundation
import HTTPMessages
import JSONText
import Studies
import TestSupport

@testable import TuningAPI

/// The API over a supervisor without workers, called as the server calls it.
struct Caller {
  let bench = StudyBench()
  let api: TuningAPI
  let library = LibraryDouble()
  private let handler: HTTPHandler

  init(token: String? = nil, publicFolder: String? = nil, isReady: @escaping @Sendable () -> Bool = { true }) {
    api = TuningAPI(
      TuningAPIConfiguration(
        service: bench.supervisor, context: StudyBench.context, library: library,
        publicFolder: publicFolder, searchedFolders: ["/nowhere"], token: token, version: "test", isReady: isReady))
    handler = api.handler
  }

  /// A request; the target is split and decoded as the server does.
  func call(
    _ method: String, _ target: String, body: String = "", headers: [(String, String)] = []
  ) async throws -> HTTPResponse {
    let parts = target.split(separator: "?", maxSplits: 1)
    var query: [(name: String, value: String)] = []
    for pair in parts.count < 2 ? [] : parts[1].split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
      query.append((name: sides[0], value: sides.count > 1 ? sides[1] : ""))
    }
    return await handler(
      HTTPRequest(
        method: method, target: target, path: String(parts[0]).removingPercentEncoding ?? "", query: query,
        headers: HTTPHeaders(headers), body: Array(body.utf8)))
  }

  func json(_ method: String, _ target: String, body: String = "") async throws -> JSONValue {
    try JSONValue(parsing: await call(method, target, body: body).body)
  }

  /// Makes a study of 60 points.
  func makeStudy(_ name: String, more: [(String, JSONValue)] = []) async throws {
    let made = try await call("POST", "/v1/studies", body: StudyBench.definition(name, more: more).text)
    guard made.status == 201 else { throw Refused(answer: String(decoding: made.body, as: UTF8.self)) }
  }

  struct Refused: Error { var answer: String }
}
