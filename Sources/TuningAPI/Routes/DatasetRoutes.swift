import Foundation
import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// Data sets: listed, brought in, taken away.
extension TuningAPI {
  var datasetRoutes: [Route] {
    [
      Route("/v1/datasets", ["GET": listDatasets, "POST": addDataset]),
      Route("/v1/datasets/{name}", ["GET": getDataset, "DELETE": deleteDataset]),
    ]
  }

  /// The most bytes of an upload.
  public static let uploadLimit = 512 << 20

  /// How the bodies of requests are taken: uploads piece by piece, all else whole.
  public static let bodyPolicy: BodyPolicyChooser = { head in
    guard head.method == "POST", head.path == "/v1/datasets",
      MultipartReader.boundary(of: head.headers["Content-Type"] ?? "") != nil
    else { return .collect() }
    return .stream(maximum: uploadLimit)
  }

  @Sendable private func listDatasets(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let names = configuration.context.datasetNames().sorted()
    return try list(request, "datasets", names, key: { $0 }) { name, writer in
      if let dataset = configuration.context.dataset(name) { Self.write(dataset, to: &writer) }
    }
  }

  @Sendable private func getDataset(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    _ = try Query(request.http, known: [])
    guard let dataset = configuration.context.dataset(request["name"]) else {
      throw .notFound("There is no data set \"\(request["name"])\".")
    }
    return try json(request) { Self.write(dataset, to: &$0) }
  }

  @Sendable private func addDataset(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    _ = try Query(request.http, known: [])
    guard let library = configuration.library else { throw .unavailable("This service takes no data sets.") }
    try Accept.check(request.http, "application/json")
    if let body = request.http.bodyStream { return try await receive(request, body, library) }
    let upload = try paths(try body(request, types: ["application/json", "multipart/form-data"]), library)
    return try await add(request, upload, moving: false, library)
  }

  /// Reads an upload to the disk, then brings it in.
  private func receive(
    _ request: RouteRequest, _ body: HTTPBodyReader, _ library: any DatasetLibrary
  ) async throws(APIProblem) -> HTTPResponse {
    guard let boundary = MultipartReader.boundary(of: request.http.headers["Content-Type"] ?? ""),
      let folder = try? library.stage()
    else { throw APIProblem(.diskFull) }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let receiver = DatasetReceiver(boundary: boundary, folder: folder)
    while true {
      let bytes: [UInt8]?
      do { bytes = try await body.next() } catch { throw .body(error) }
      try await receiver.take(bytes)
      if bytes == nil { break }
    }
    let (fields, files) = await receiver.content
    var faults: [DefinitionFault] = []
    let name = fields["name"] ?? ""
    if name.isEmpty { faults.append(DefinitionFault(pointer: "/name", detail: "The field name is missing.")) }
    let format = check(fields["format"], library, &faults)
    let scaling = check(scaling: fields["scaling"], &faults)
    if files.isEmpty { faults.append(DefinitionFault(pointer: "/files", detail: "There is no file.")) }
    if !faults.isEmpty { throw APIProblem(.invalid(faults)) }
    let upload = DatasetUpload(name: name, format: format, scaling: scaling, files: files)
    return try await add(request, upload, moving: true, library)
  }

  /// A body that names files in the data folder.
  private func paths(_ body: JSONValue, _ library: any DatasetLibrary) throws(APIProblem) -> DatasetUpload {
    guard let object = body.objectValue else {
      throw APIProblem(.invalid([DefinitionFault(pointer: "", detail: "A data set is an object.")]))
    }
    var faults: [DefinitionFault] = []
    let known = ["name", "format", "files", "scaling"]
    for member in object.members where !known.contains(member.name) {
      let nearest = NearestName.of(member.name, among: known).map { "; did you mean \"\($0)\"?" } ?? "."
      faults.append(
        DefinitionFault(pointer: "/\(member.name)", detail: "There is no key \"\(member.name)\" here\(nearest)"))
    }
    let name = object["name"]?.stringValue ?? ""
    if name.isEmpty { faults.append(DefinitionFault(pointer: "", detail: "The key name is missing, or is no text.")) }
    let format = check(object["format"]?.stringValue, library, &faults)
    let scaling = check(scaling: object["scaling"].map { $0.stringValue ?? "" }, &faults)
    var files: [DatasetUpload.File] = []
    let listed = object["files"]?.arrayValue ?? []
    if listed.isEmpty {
      faults.append(DefinitionFault(pointer: "", detail: "The key files is missing, or is no list of files."))
    }
    for (index, entry) in listed.enumerated() {
      let pointer = "/files/\(index)"
      if entry["url"] != nil {
        faults.append(
          DefinitionFault(
            pointer: pointer + "/url", detail: "Files by URL are not supported yet; give a path, or upload the file."))
      } else if let path = entry["path"]?.stringValue {
        switch file(path, library) {
        case .success(let file): files.append(file)
        case .failure(let problem): faults.append(DefinitionFault(pointer: pointer + "/path", detail: problem.sentence))
        }
      } else {
        faults.append(DefinitionFault(pointer: pointer, detail: "A file is an object with a path."))
      }
    }
    if !faults.isEmpty { throw APIProblem(.invalid(faults)) }
    return DatasetUpload(name: name, format: format, scaling: scaling, files: files)
  }

  /// A file inside the data folder; what a link leads to outside it is not given.
  private func file(
    _ path: String, _ library: any DatasetLibrary
  ) -> Result<DatasetUpload.File, PathProblem> {
    guard let folder = library.folder else {
      return .failure(PathProblem(sentence: "There is no data folder; start with --data-folder, or upload the file."))
    }
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let full = URL(fileURLWithPath: root + "/" + path).resolvingSymlinksInPath().path
    guard full.hasPrefix(root + "/"), FileManager.default.fileExists(atPath: full) else {
      return .failure(PathProblem(sentence: "There is no file \"\(path)\" in the data folder."))
    }
    return .success(DatasetUpload.File(path: full, name: path))
  }

  private struct PathProblem: Error { var sentence: String }

  private func check(_ format: String?, _ library: any DatasetLibrary, _ faults: inout [DefinitionFault]) -> String {
    if let format, library.formats.contains(format) { return format }
    let names = library.formats.joined(separator: ", ")
    let found = format.map { "The format is \"\($0)\"" } ?? "The format is missing"
    faults.append(
      DefinitionFault(pointer: format == nil ? "" : "/format", detail: "\(found); it should be one of \(names)."))
    return ""
  }

  private func check(scaling: String?, _ faults: inout [DefinitionFault]) -> String {
    let scaling = scaling ?? "standard"
    if scaling != "standard", scaling != "none" {
      faults.append(
        DefinitionFault(pointer: "/scaling", detail: "scaling is \"\(scaling)\"; it should be standard or none."))
    }
    return scaling
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

  @Sendable private func deleteDataset(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    _ = try Query(request.http, known: [])
    guard let library = configuration.library else { throw .unavailable("This service takes no data sets.") }
    var filter = StudyFilter()
    filter.dataset = request["name"]
    filter.states = [.running, .paused]
    let wanted = filter
    let users = try await read { () async throws(StoreError) in
      try await store.studies(wanted, after: nil, limit: 20).value.items.map(\.name)
    }
    guard users.isEmpty else {
      throw APIProblem(
        StudyError.conflict("Data set \(request["name"]) is used by \(users.joined(separator: ", ")); stop them first.")
      )
    }
    do throws(DatasetRefusal) { try await library.remove(request["name"]) } catch { throw APIProblem(error) }
    return HTTPResponse(status: 204)
  }

  private static func write(_ dataset: DatasetFacts, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("name", dataset.name)
    writer.member("examples", dataset.examples)
    writer.member("second_part_examples", dataset.secondPartExamples)
    writer.name("shape")
    writer.beginArray()
    for size in dataset.shape { writer.integer(size) }
    writer.endArray()
    writer.name("classes")
    writer.beginArray()
    for name in dataset.classes { writer.string(name) }
    writer.endArray()
    writer.member("sha256", dataset.sha256)
    writer.member("origin", dataset.origin)
    writer.endObject()
  }
}

extension APIProblem {
  /// The problem that a refused data set is.
  init(_ refusal: DatasetRefusal) {
    switch refusal {
    case .invalid(let detail): self.init(status: 422, title: "Invalid", detail: detail)
    case .conflict(let detail): self.init(StudyError.conflict(detail))
    case .unknown(let name): self = .notFound("There is no data set \"\(name)\".")
    case .diskFull: self.init(.diskFull)
    }
  }

  static func malformedBody(_ detail: String) -> APIProblem {
    APIProblem(status: 400, title: "Malformed body", detail: detail)
  }

  /// The problem that a body is which could not be read to its end.
  static func body(_ error: any Error) -> APIProblem {
    guard let fault = error as? MessageFault else { return .malformedBody("The body ended early.") }
    return APIProblem(status: fault.status, title: "The body could not be read", detail: fault.detail)
  }
}
