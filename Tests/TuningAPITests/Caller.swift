import Foundation
import HTTPMessages
import JSONText
import Studies
import TestSupport

@testable import TuningAPI

/// The API over a supervisor without workers, called as the server calls it.
struct Caller {
  let bench: StudyBench
  let api: TuningAPI
  let library = LibraryDouble()
  let answers = MemoryAnswerStore()
  private let handler: HTTPHandler

  init(
    token: String? = nil, publicFolder: String? = nil, store: any StudyStore = MemoryStudyStore(),
    shelf: (any ModelShelf)? = nil, isReady: @escaping @Sendable () -> Bool = { true },
    change: (inout TuningAPIConfiguration) -> Void = { _ in }
  ) {
    bench = StudyBench(store: store, shelf: shelf)
    var configuration = TuningAPIConfiguration(
      service: bench.supervisor, context: StudyBench.context, library: library, answers: answers,
      publicFolder: publicFolder, searchedFolders: ["/nowhere"], token: token, version: "test", isReady: isReady)
    change(&configuration)
    api = TuningAPI(configuration)
    handler = api.handler
  }

  /// A request; the target is split and decoded as the server does.
  func call(
    _ method: String, _ target: String, body: String = "", headers: [(String, String)] = []
  ) async throws -> HTTPResponse {
    let text = "\(method) \(target) HTTP/1.1\r\nHost: here\r\n\r\n"
    guard case .complete(let head, _) = RequestParser.parse(Array(text.utf8)) else {
      throw Refused(answer: "\(method) \(target) is no request")
    }
    return await handler(
      HTTPRequest(
        method: method, target: head.target, path: head.path, query: head.query, headers: HTTPHeaders(headers),
        body: Array(body.utf8)))
  }

  /// A request whose body is read only where it is asked for; gives too whether it was.
  func callAwaited(
    _ method: String, _ target: String, body: String, headers: [(String, String)] = []
  ) async -> (answer: HTTPResponse, isRead: Bool) {
    let pieces = BodyInPieces(body)
    var request = HTTPRequest(method: method, target: target, path: target, headers: HTTPHeaders(headers))
    request.bodyStream = pieces.reader
    return (await handler(request), pieces.asked > 0)
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
