import Compression
import Dispatch
import HTTPMessages
import Promises
import Studies

/// URLs and JSON over the studies; knows no socket.
public struct TuningAPI: Sendable {
  let configuration: TuningAPIConfiguration
  /// By the clock's `seconds`.
  let startedAt: Double
  private let files: StaticFiles
  let access: Access
  /// The store's reads, failing as problems.
  let reader: StoreReader
  let finishedTrials = TrialCache()
  /// The answer to every probe.
  let health: HTTPResponse
  let facts = ResultFacts()
  let expensive = ExpensiveAnswers()
  /// Pages of studies: each may be some megabytes, so that few are made at once; who waits holds nothing.
  let pages = ExpensiveAnswers(atOnce: 4, lineLength: 4096, patience: 30)
  /// Trials as columns: each answer is gathered in memory, so that few are made at once.
  let gathered = ExpensiveAnswers()
  let comparisons = ComparisonCache()
  let importances = ImportanceCache()
  let evaluations = EvaluationDesk()
  /// Pictures of examples: their data set may have to be read.
  let pictures = ExpensiveAnswers()
  let frames = SharedFrames()
  let streams = StreamPlaces()
  private let idempotency: Idempotency?

  /// Makes the API.
  public init(_ configuration: TuningAPIConfiguration) {
    self.configuration = configuration
    health = Self.health(version: configuration.version)
    startedAt = configuration.clock.seconds()
    files = StaticFiles(
      folder: configuration.publicFolder, searched: configuration.searchedFolders,
      frameAncestors: configuration.frameAncestors)
    access = Access(
      token: configuration.token, hosts: configuration.hosts, cookiePath: configuration.basePath.cookiePath)
    reader = StoreReader(store: configuration.service.store, log: configuration.log)
    idempotency = configuration.answers.map {
      Idempotency(store: $0, clock: configuration.clock, log: configuration.log)
    }
  }

  var service: any StudyService { configuration.service }
  var store: any StudyStore { configuration.service.store }

  /// Every route, as the OpenAPI description lists them.
  var routes: [Route] {
    studyRoutes + importanceRoutes + trialRoutes + evaluationRoutes + callerRoutes + byHandRoutes + logRoutes
      + bulkRoutes + columnRoutes + modelRoutes + eventRoutes + datasetRoutes + pictureRoutes + comparisonRoutes
      + catalogueRoutes + operationRoutes + sessionRoutes
  }

  /// Answers requests.
  public var handler: HTTPHandler {
    let answerer = answerer
    return { await answerer($0).response }
  }

  /// Answers requests, those whose answer is known at once.
  public var answerer: HTTPAnswerer {
    let router = Router(routes)
    let base = configuration.basePath
    return { request in
      var request = request
      let isBare = base.isBare(request.path)
      if !base.text.isEmpty { request.path = base.removed(from: request.path) }
      let match = router.match(request.path)
      if let known = self.answerNow(request, match, isBare: isBare) {
        let (response, compresses) = Self.finished(base.added(to: known), for: request)
        return compresses ? .later { await Self.compressed(response) } : .now(response)
      }
      return .later { [request] in
        let made = await self.answer(request, match)
        let (response, compresses) = Self.finished(base.added(to: made), for: request)
        return compresses ? await Self.compressed(response) : response
      }
    }
  }

  /// A response as this client should get it, and whether its body must still be compressed.
  private static func finished(
    _ response: HTTPResponse, for request: HTTPRequest
  ) -> (response: HTTPResponse, compresses: Bool) {
    var (response, compresses) = ContentNegotiation.decide(response, for: request)
    // Nobody shall guess from the bytes what a body is.
    response.headers["X-Content-Type-Options"] = "nosniff"
    return (response, compresses)
  }

  /// How the bodies of requests are taken: what a route takes as a stream, piece by piece; those whose client waits to be
  /// told to send once the request is known to make sense; all else whole.
  public var bodyPolicy: BodyPolicyChooser {
    let router = Router(routes.filter { $0.operations.values.contains { $0.body.streamLimit != nil } })
    let base = configuration.basePath
    return { head in
      if let operation = router.match(base.removed(from: head.path))?.operation(head.method),
        let limit = operation.body.streamLimit, !MediaType.isTakenForJSON(head.headers)
      {
        return .stream(maximum: limit)
      }
      return head.expectsContinue ? .stream() : .collect()
    }
  }

  /// Compresses a body, a long one away from the cooperative threads.
  private static func compressed(_ response: HTTPResponse) async -> HTTPResponse {
    let bytes = response.body
    var response = response
    response.body =
      if bytes.count > 100_000 {
        await DispatchQueue.global().value { Gzip.deflate(bytes, level: 1) }
      } else {
        Gzip.deflate(bytes, level: 1)
      }
    return response
  }

  /// The answer where it is known: a refusal, what needs no store, a finished trial, a file of the page.
  private func answerNow(_ request: HTTPRequest, _ match: Router.Match?, isBare: Bool) -> HTTPResponse? {
    do throws(APIProblem) {
      let rule = match?.operation(request.method)?.access ?? match?.route.access ?? Self.access(to: request.path)
      try access.check(request, rule, by: configuration.clock)
      if isBare, ["GET", "HEAD"].contains(request.method) { return BasePath.redirection }
      if let match { return try match.answerNow(request) }
      return Self.isOfTheAPI(request.path) ? nil : files.known(request)
    } catch {
      return error.response
    }
  }

  private func answer(_ request: HTTPRequest, _ match: Router.Match?) async -> HTTPResponse {
    do throws(APIProblem) {
      if let idempotency, let operation = match?.operation(request.method),
        let key = try Idempotency.key(of: request, operation.replay)
      {
        return try await idempotency.once(key, request, operation.replay) { await self.answer($0, match, seed: $1) }
      }
    } catch {
      return error.response
    }
    return await answer(request, match, seed: nil)
  }

  private func answer(_ request: HTTPRequest, _ match: Router.Match?, seed: String?) async -> HTTPResponse {
    do throws(APIProblem) {
      if let match { return try await match.answer(request, seed: seed) }
      if Self.isOfTheAPI(request.path) {
        if Router.isReserved(request.path) { throw .notYet(request.path) }
        throw .notFound("There is no \(request.path); /openapi.json describes what there is.")
      }
      return try files.answer(request)
    } catch {
      return error.response
    }
  }

  /// Whether a path that no route has is the API's all the same, and none of a file.
  private static func isOfTheAPI(_ path: String) -> Bool { path == "/v1" || path.hasPrefix("/v1/") }

  private static func access(to path: String) -> AccessRule { isOfTheAPI(path) ? .caller : .open }
}
