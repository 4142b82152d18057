import DataFacts
import Foundation
import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// Data sets: listed, brought in, taken away.
extension TuningAPI {
  var datasetRoutes: [Route] {
    [
      Route(
        "/v1/datasets", .get(query: .names(Pager.names), listDatasets),
        .post(body: .jsonOrStream("multipart/form-data", maximum: Self.uploadLimit), addDataset)),
      Route("/v1/datasets/{name}", .get(getDataset), .delete(deleteDataset)),
    ]
  }

  /// The most bytes of an upload.
  public static let uploadLimit = 512 << 20

  @Sendable private func listDatasets(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try await examined(nil)
    // Imports first: one that becomes ready in between is in both lists, and not in neither.
    let imports = configuration.library?.imports() ?? []
    let ready = configuration.context.datasetNames().map { (name: $0, status: DatasetImportStatus?.none) }
    let known = Set(ready.map(\.name))
    let others = imports.filter { !known.contains($0.name) }
    return try list(request, "datasets", ready + others.map { ($0.name, $0) }, key: \.name) { entry, writer in
      if let status = entry.status {
        Self.write(status, to: &writer)
      } else if let dataset = configuration.context.dataset(entry.name) {
        Self.write(dataset, to: &writer)
      }
    }
  }

  @Sendable private func getDataset(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let name = request["name"]
    try await examined(name)
    let status = configuration.library?.imports().first { $0.name == name }
    if let dataset = configuration.context.dataset(name) { return try json(request) { Self.write(dataset, to: &$0) } }
    guard let status else { throw .notFound("There is no data set \"\(name)\".") }
    return try json(request) { Self.write(status, to: &$0) }
  }

  @Sendable private func addDataset(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    guard let library = configuration.library else { throw .noLibrary }
    try accept(request, "application/json")
    if MediaType.of(request.http.headers) == "multipart/form-data" { return try await receive(request, library) }
    var bodies = DatasetBodies(library)
    let wanted = try bodies.fetch(try await body(request))
    let files = wanted.sources.compactMap { if case .file(let file) = $0 { file } else { nil } }
    guard files.count == wanted.sources.count else { return try await fetch(request, wanted, library) }
    let upload = DatasetUpload(name: wanted.name, format: wanted.format, scaling: wanted.scaling, files: files)
    return try await add(request, upload, moving: false, library)
  }

  /// Begins to fetch; nobody waits for the end.
  private func fetch(
    _ request: RouteRequest, _ wanted: DatasetFetch, _ library: any DatasetLibrary
  ) async throws(APIProblem) -> HTTPResponse {
    let outcome: DatasetFetchOutcome
    do throws(DatasetRefusal) { outcome = try await library.fetch(wanted) } catch { throw APIProblem(error) }
    switch outcome {
    case .exists(let facts): return try json(request) { Self.write(facts, to: &$0) }
    case .importing(let status):
      let location = [("Location", "/v1/datasets/\(status.name)")]
      return try json(request, status: 202, headers: location) { Self.write(status, to: &$0) }
    }
  }

  /// Reads an upload to the disk, then brings it in.
  private func receive(
    _ request: RouteRequest, _ library: any DatasetLibrary
  ) async throws(APIProblem) -> HTTPResponse {
    guard let boundary = MultipartReader.boundary(of: request.http.headers["Content-Type"] ?? "") else {
      throw .noBoundary
    }
    let receiver = DatasetReceiver(boundary: boundary, library: library)
    do throws(APIProblem) {
      let answer = try await receive(request, request.http.reader, by: receiver, library)
      await receiver.discard()
      return answer
    } catch {
      await receiver.discard()
      throw error
    }
  }

  private func receive(
    _ request: RouteRequest, _ body: HTTPBodyReader, by receiver: DatasetReceiver, _ library: any DatasetLibrary
  ) async throws(APIProblem) -> HTTPResponse {
    while true {
      let bytes: [UInt8]?
      do { bytes = try await body.next() } catch { throw .body(error) }
      try await receiver.take(bytes)
      if bytes == nil { break }
    }
    let (fields, files) = await receiver.content
    var bodies = DatasetBodies(library)
    let upload = try bodies.upload(fields, files)
    return try await add(request, upload, moving: true, library)
  }

  private func add(
    _ request: RouteRequest, _ upload: DatasetUpload, moving: Bool, _ library: any DatasetLibrary
  ) async throws(APIProblem) -> HTTPResponse {
    let added: (facts: DatasetFacts, isNew: Bool)
    do throws(DatasetRefusal) { added = try await library.add(upload, moving: moving) } catch {
      throw APIProblem(error)
    }
    return try json(
      request, status: added.isNew ? 201 : 200,
      headers: added.isNew ? [("Location", "/v1/datasets/\(added.facts.name)")] : []
    ) { Self.write(added.facts, to: &$0) }
  }

  /// Waits until the context tells at once of a data set, or of all for nil.
  func examined(_ name: String?) async throws(APIProblem) {
    do throws(DatasetRefusal) { try await configuration.library?.examined(name) } catch { throw APIProblem(error) }
  }

  @Sendable private func deleteDataset(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    guard let library = configuration.library else { throw .noLibrary }
    do throws(DatasetRefusal) { try await library.remove(request["name"]) } catch {
      if case .unknownUse(let inner) = error { throw reader.problem(inner) }
      throw APIProblem(error)
    }
    return HTTPResponse(status: 204)
  }

  private static func write(_ dataset: DatasetFacts, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", dataset.name)
      writer.member("examples", dataset.examples)
      writer.member("second_part_examples", dataset.secondPartExamples)
      if let columns = dataset.columns {
        for name in ["shape", "classes"] { writer.member(name, .null) }
        writer.array("columns", of: columns) { $1.string($0.name) }
      } else {
        writer.array("shape", of: dataset.shape) { $1.integer($0) }
        writer.array("classes", of: dataset.classes) { $1.string($0) }
        writer.member("columns", .null)
      }
      writer.member("sha256", dataset.sha256)
      writer.member("origin", dataset.origin)
      writer.member("state", "ready")
    }
  }

  /// What is not ready has the same members, those that nobody knows yet being null.
  private static func write(_ status: DatasetImportStatus, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", status.name)
      for name in ["examples", "second_part_examples", "shape", "classes", "columns", "sha256"] {
        writer.member(name, .null)
      }
      writer.member("origin", status.origin)
      writer.member("state", status.state.rawValue)
      writer.member("detail", status.detail)
      writer.member("received_bytes", status.receivedBytes)
    }
  }
}

extension APIProblem {
  /// The problem that a refused data set is.
  init(_ refusal: DatasetRefusal) {
    switch refusal {
    case .invalid(let detail): self.init(status: 422, title: "Invalid", detail: detail)
    case .conflict(let detail): self.init(StudyError.conflict(detail))
    case .unknown(let detail): self = .notFound(detail)
    case .unavailable(let detail): self = .unavailable(detail)
    case .unknownUse(let error): self.init(.store(error))
    }
  }

  static let noLibrary = APIProblem.unavailable("This service takes no data sets.")

  static let noBoundary = APIProblem(
    status: 400, title: "Bad header",
    detail:
      "Content-Type is multipart/form-data without a boundary of 1 to 70 characters. The library that makes the body "
      + "chooses the boundary and sets the header itself: leave Content-Type to it, and do not set it by hand.")

  static func malformedBody(_ detail: String) -> APIProblem {
    APIProblem(status: 400, title: "Malformed body", detail: detail)
  }

  /// The problem that a body is which could not be read to its end.
  static func body(_ error: any Error) -> APIProblem {
    guard let fault = error as? MessageFault else { return .malformedBody("The body ended early.") }
    return APIProblem(status: fault.status, title: "The body could not be read", detail: fault.detail)
  }
}
