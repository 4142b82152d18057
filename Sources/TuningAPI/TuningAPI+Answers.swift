import HTTPMessages
import JSONText
import Studies

/// What routes share: bodies read and written, and how the studies are asked.
extension TuningAPI {
  /// A 200 with JSON, if the caller accepts that.
  func json(
    _ request: RouteRequest, status: Int = 200, tag: String? = nil, position: Int? = nil,
    headers: [(String, String)] = [], _ write: (inout JSONWriter) -> Void
  ) throws(APIProblem) -> HTTPResponse {
    try accept(request, "application/json")
    var writer = JSONWriter(reserving: 1024)
    write(&writer)
    return Self.json(
      writer.bytes, status: status, tag: tag ?? EntityTag.of(writer.bytes), position: position, headers: headers)
  }

  /// Bytes that are JSON.
  static func json(
    _ body: [UInt8], status: Int = 200, tag: String, position: Int?, headers: [(String, String)] = []
  ) -> HTTPResponse {
    var fields = HTTPHeaders([("Content-Type", "application/json")] + headers)
    fields.append("Cache-Control", "no-cache")
    if let position { fields.append("Cairn-Event-Id", "\(position)") }
    fields.append("ETag", tag)
    return HTTPResponse(status: status, headers: fields, body: body)
  }

  /// Throws 406 where the caller takes no answer of a media type.
  func accept(_ request: RouteRequest, _ type: String) throws(APIProblem) {
    guard ContentNegotiation.accepts(request.http, type) else { throw .notAcceptable }
  }

  /// The body as JSON, of one of the media types that the route takes for that.
  func body(_ request: RouteRequest) async throws(APIProblem) -> JSONValue {
    if let name = MediaType.of(request.http.headers), !request.body.jsonTypes.contains(name), name != MediaType.form {
      throw .unsupportedType(name, request.body.types.joined(separator: " or "))
    }
    let codings = request.http.headers.values(of: "Content-Encoding").filter { !$0.isEmpty }
    guard codings.allSatisfy({ $0.lowercased() == "identity" }) else { throw .unsupportedCoding(codings) }
    // A client that waits to be told to send is told only here.
    var bytes = request.http.body
    if let stream = request.http.bodyStream {
      do { while let piece = try await stream.next() { bytes += piece } } catch { throw .body(error) }
    }
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw .malformed(error)
    }
  }

  /// The study that the path names.
  func study(_ request: RouteRequest) async throws(APIProblem) -> Snapshot<Study> {
    try await reader.study(request["name"])
  }

  /// An action that takes its turn among expensive ones, or those of another line.
  func inTurn(_ action: @escaping Operation.Action, of line: ExpensiveAnswers? = nil) -> Operation.Action {
    { (request: RouteRequest) async throws(APIProblem) -> HTTPResponse in
      try await (line ?? expensive).make { () async throws(APIProblem) in try await action(request) }
    }
  }

  /// Asks the studies for a change.
  func ask<Value>(_ body: () async throws(StudyError) -> Value) async throws(APIProblem) -> Value {
    do throws(StudyError) {
      return try await body()
    } catch {
      if case .store(let inner) = error { throw reader.problem(inner) }
      throw APIProblem(error)
    }
  }
}
