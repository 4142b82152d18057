import Compression
import Foundation
import HTTPMessages
import JSONText
import Promises
import Studies
import StudyDefinitions

/// What composition hands to the API.
public struct TuningAPIConfiguration: Sendable {
  /// What callers may ask of studies.
  public var service: any StudyService
  /// What definitions may name.
  public var context: DefinitionContext
  /// Takes data sets in; nil where none may be brought.
  public var library: (any DatasetLibrary)?
  /// Remembers what requests with an `Idempotency-Key` were answered; nil forgets.
  public var answers: (any AnswerStore)?
  /// The folder of the results page; nil where none was found.
  public var publicFolder: String?
  /// Where that folder was looked for.
  public var searchedFolders: [String]
  /// What callers must show; nil lets everybody on this machine in.
  public var token: String?
  /// The names that a service without a token has.
  public var hosts: HostRule
  /// The path below which a proxy shows the service.
  public var basePath: BasePath
  /// Which pages may show the results page in a frame, as a source list of Content-Security-Policy.
  public var frameAncestors: String
  /// The program's version.
  public var version: String
  /// What time it is.
  public var clock: any StudyClock
  /// Whether the service takes work; until then `/readyz` says 503.
  public var isReady: @Sendable () -> Bool
  /// Lines of `/metrics` that other rooms count.
  public var moreMetrics: @Sendable () -> [Metric]
  /// Logs an error whose details are not shown to the caller.
  public var log: @Sendable (String) -> Void

  /// Makes a configuration.
  public init(
    service: any StudyService, context: DefinitionContext, library: (any DatasetLibrary)? = nil,
    answers: (any AnswerStore)? = nil, publicFolder: String?, searchedFolders: [String],
    token: String?, hosts: HostRule = HostRule(adding: []),
    basePath: BasePath? = nil, frameAncestors: String = "'none'", version: String,
    clock: any StudyClock = SystemClock(),
    isReady: @escaping @Sendable () -> Bool = { true }, moreMetrics: @escaping @Sendable () -> [Metric] = { [] },
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.service = service
    self.context = context
    self.library = library
    self.answers = answers
    self.publicFolder = publicFolder
    self.searchedFolders = searchedFolders
    self.token = token
    self.hosts = hosts
    self.basePath = basePath ?? .none
    self.frameAncestors = frameAncestors
    self.version = version
    self.clock = clock
    self.isReady = isReady
    self.moreMetrics = moreMetrics
    self.log = log
  }
}

/// URLs and JSON over the studies; knows no socket.
public struct TuningAPI: Sendable {
  let configuration: TuningAPIConfiguration
  /// By the clock's `seconds`.
  let startedAt: Double
  private let files: StaticFiles
  let access: Access
  let finishedTrials = TrialCache()
  let facts = ResultFacts()
  let expensive = ExpensiveAnswers()
  /// Pages of studies: each may be some megabytes, so that few are made at once; who waits holds nothing.
  let pages = ExpensiveAnswers(atOnce: 4, lineLength: 4096, patience: 30)
  let frames = SharedFrames()
  let streams = StreamPlaces()
  private let idempotency: Idempotency?

  /// Makes the API.
  public init(_ configuration: TuningAPIConfiguration) {
    self.configuration = configuration
    startedAt = configuration.clock.seconds()
    files = StaticFiles(
      folder: configuration.publicFolder, searched: configuration.searchedFolders,
      frameAncestors: configuration.frameAncestors)
    access = Access(
      token: configuration.token, hosts: configuration.hosts, cookiePath: configuration.basePath.cookiePath)
    idempotency = configuration.answers.map {
      Idempotency(store: $0, clock: configuration.clock, log: configuration.log)
    }
  }

  var service: any StudyService { configuration.service }
  var store: any StudyStore { configuration.service.store }

  /// Every route, as the OpenAPI description lists them.
  var routes: [Route] {
    studyRoutes + trialRoutes + bulkRoutes + modelRoutes + eventRoutes + datasetRoutes + catalogueRoutes
      + operationRoutes + sessionRoutes
  }

  /// Answers requests.
  public var handler: HTTPHandler {
    let router = Router(routes: routes)
    let base = configuration.basePath
    return { request in
      var request = request
      let isBare = base.isBare(request.path)
      request.path = base.removed(from: request.path)
      let made = await self.answer(request, router, isBare: isBare)
      var response = await ContentNegotiation.finish(base.added(to: made), for: request, gzip: Self.compress)
      // Nobody shall guess from the bytes what a body is.
      response.headers["X-Content-Type-Options"] = "nosniff"
      return response
    }
  }

  /// How the bodies of requests are taken: uploads piece by piece; those whose client waits to be told to send once the
  /// request is known to make sense; all else whole.
  public var bodyPolicy: BodyPolicyChooser {
    let base = configuration.basePath
    return { head in
      if head.method == "POST", base.removed(from: head.path) == "/v1/datasets", Self.isUpload(head.headers) {
        return .stream(maximum: Self.uploadLimit)
      }
      return head.expectsContinue ? .stream() : .collect()
    }
  }

  /// Compresses, a long body away from the cooperative threads.
  @Sendable private static func compress(_ bytes: [UInt8]) async -> [UInt8] {
    guard bytes.count > 100_000 else { return Gzip.deflate(bytes, level: 1) }
    return await DispatchQueue.global().value { Gzip.deflate(bytes, level: 1) }
  }

  private func answer(_ request: HTTPRequest, _ router: Router, isBare: Bool) async -> HTTPResponse {
    do throws(APIProblem) {
      try access.check(request, at: configuration.clock.now(), seconds: configuration.clock.seconds())
      if isBare, ["GET", "HEAD"].contains(request.method) { return BasePath.redirection }
      if let idempotency, let key = try Idempotency.key(of: request) {
        return try await idempotency.once(key, request) { await self.answer($0, router, seed: $1) }
      }
    } catch {
      return error.response
    }
    return await answer(request, router, seed: nil)
  }

  private func answer(_ request: HTTPRequest, _ router: Router, seed: String?) async -> HTTPResponse {
    do throws(APIProblem) {
      if let response = try await router.answer(request, seed: seed) {
        return response
      }
      if request.path == "/v1" || request.path.hasPrefix("/v1/") {
        if Router.isReserved(request.path) { throw .notYet(request.path) }
        throw .notFound("There is no \(request.path); /openapi.json describes what there is.")
      }
      return try files.answer(request)
    } catch {
      return error.response
    }
  }

  // MARK: What routes share

  /// A 200 with JSON, if the caller accepts that.
  func json(
    _ request: RouteRequest, status: Int = 200, tag: String? = nil, position: Int? = nil,
    headers: [(String, String)] = [], _ write: (inout JSONWriter) -> Void
  ) throws(APIProblem) -> HTTPResponse {
    try Accept.check(request.http, "application/json")
    var writer = JSONWriter(reserving: 1024)
    write(&writer)
    return json(
      writer.bytes, status: status, tag: tag ?? EntityTag.of(writer.bytes), position: position, headers: headers)
  }

  /// Bytes that are JSON.
  func json(
    _ body: [UInt8], status: Int = 200, tag: String, position: Int?, headers: [(String, String)] = []
  ) -> HTTPResponse {
    var fields = HTTPHeaders([("Content-Type", "application/json")] + headers)
    fields.append("Cache-Control", "no-cache")
    if let position { fields.append("Cairn-Event-Id", "\(position)") }
    fields.append("ETag", tag)
    return HTTPResponse(status: status, headers: fields, body: body)
  }

  /// The media type of a body, without parameters and in small letters; nil where none is told.
  static func mediaType(_ headers: HTTPHeaders) -> String? {
    headers["Content-Type"].map { $0.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() }
  }

  /// The body as JSON; `others` are types that the route takes in another way.
  func body(
    _ request: RouteRequest, types: [String] = ["application/json"], others: [String] = []
  ) async throws(APIProblem) -> JSONValue {
    if let name = Self.mediaType(request.http.headers) {
      // `curl -d` says that JSON is a form; nothing here takes forms, so it is read for what it is.
      let taken = types + ["application/x-www-form-urlencoded"]
      guard taken.contains(name) else { throw .unsupportedType(name, (types + others).joined(separator: " or ")) }
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

  func study(_ request: RouteRequest) async throws(APIProblem) -> Snapshot<Study> {
    do throws(StoreError) {
      if let found = try await store.study(named: request["name"]) { return found }
    } catch {
      throw fault(error)
    }
    throw APIProblem(.unknownStudy(request["name"]))
  }

  /// Logs what the caller is not told, and gives what it is told.
  func fault(_ error: StoreError) -> APIProblem {
    // A read that was given up because its caller has gone, or the service stops, is no failure; and what keeps every
    // change from being stored the store tells of by itself, once.
    if !Task.isCancelled, case .failure = error { configuration.log("the store failed: \(error)") }
    return APIProblem(.store(error))
  }

  /// An action that takes its turn among expensive ones, or those of another line.
  func inTurn(_ action: @escaping Route.Action, of line: ExpensiveAnswers? = nil) -> Route.Action {
    { (request: RouteRequest) async throws(APIProblem) -> HTTPResponse in
      try await (line ?? expensive).make { () async throws(APIProblem) in try await action(request) }
    }
  }

  /// Runs a read of the store.
  func read<Value>(_ body: () async throws(StoreError) -> Value) async throws(APIProblem) -> Value {
    do throws(StoreError) { return try await body() } catch { throw fault(error) }
  }

  /// Asks the studies for a change.
  func ask<Value>(_ body: () async throws(StudyError) -> Value) async throws(APIProblem) -> Value {
    do throws(StudyError) {
      return try await body()
    } catch {
      if case .store(let inner) = error { throw fault(inner) }
      throw APIProblem(error)
    }
  }
}

/// `Accept`, as far as this API has a choice.
enum Accept {
  /// Throws where the caller takes none of what there is; the most specific range decides (RFC 9110, section 12.5.1).
  static func check(_ request: HTTPRequest, _ type: String) throws(APIProblem) {
    let values = request.headers.values(of: "Accept")
    guard values.contains(where: { !$0.isEmpty }) else { return }
    let family = type.split(separator: "/")[0] + "/*"
    var found: (rank: Int, isTaken: Bool)?
    for range in values.joined(separator: ",").split(separator: ",") {
      let parts = range.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
      guard let rank = parts.first.flatMap({ ["*/*", String(family), type].firstIndex(of: $0) }) else { continue }
      let isRefused = parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
      if rank >= found?.rank ?? 0 { found = (rank, !isRefused) }
    }
    if found?.isTaken != true { throw .notAcceptable }
  }
}
