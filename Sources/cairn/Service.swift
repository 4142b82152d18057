import DatasetImports
import Datasets
import Dispatch
import Fetching
import Foundation
import HTTPServer
import Logging
import Promises
import Studies
import StudyDefinitions
import StudyStoreSQLite
import TrainedModels
import TrialExecution
import TuningAPI

/// Puts the rooms together, and takes them apart again.
struct Service {
  var address: ListenAddress
  var token: String?
  /// Whether a token is made, and kept beside the database, where there is none.
  var makesToken: Bool
  var workers: Int
  var trialMemory: Int
  var database: String
  var dataFolder: String?
  var publicFolder: PublicFolder
  var limits: LimitOptions.Resolved
  var proxy: ProxyOptions.Resolved
  var imports: ImportOptions.Resolved
  var logLevel: Logger.Level

  /// How long what is in flight may take once the service was told to stop, in seconds.
  private static let shutdownSeconds = 3.0

  /// Runs until a signal comes, and ends the process then. Where a part cannot be started, those before it are stopped.
  func run(until signals: Signals) async throws {
    var parts = try await StartedParts.started(telling: signals.waits(for:), by: start)
    await signals.first()
    await parts.stop(telling: signals.waits(for:))
    // Without taking libraries apart: a thread that the deadline has left behind may be inside one.
    _exit(0)
  }

  /// Starts the parts in the order in which they need one another.
  private func start(_ parts: inout StartedParts) async throws {
    var logger = Logger(label: "cairn", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = logLevel
    let log = logger
    // First of all: a port in use, or too few descriptors, must leave the database as it is.
    let listening: ListeningSocket
    do {
      try HTTPServer.checkOpenFiles()
      listening = try ListeningSocket(host: address.host, port: address.port)
    } catch {
      throw PlainError(error.description)
    }
    let state = ServiceState()
    let store: SQLiteStudyStore
    do {
      store = try SQLiteStudyStore(
        path: database, logSpace: limits.logSpace, report: { log.error("\($0)") },
        troubles: { trouble in
          // A start that is refused says why in one sentence of its own.
          guard state.isReady else { return }
          if let trouble { log.error("\(trouble.sentence)") } else { log.notice("changes are stored again") }
        })
    } catch { throw PlainError(error.description) }
    parts.add("the database to be closed") { try? store.close() }
    let shelf: DatasetShelf
    do { shelf = try DatasetShelf(folder: database + ".datasets") } catch {
      throw PlainError(error.message)
    }
    parts.add("files of unfinished uploads to be removed") { shelf.clear() }
    let token = try makesToken ? token ?? AccessToken.made(beside: database) : token
    let catalogues = Catalogues(folder: dataFolder, shelf: shelf, trialMemory: trialMemory)

    let models = ModelFolder(folder: database + ".models")
    let lookup = catalogues.lookup
    let supervisor = StudySupervisor(
      store: store, validator: DefinitionValidator(context: catalogues.context),
      models: CatalogueCosts(context: catalogues.context), shelf: models, logger: log, callersWait: true,
      outcomeAtOnce: lookup.outcomeAtOnce)
    let pool = LocalPool(
      workers: workers, queue: supervisor.queue, logger: log,
      trainer: catalogues.trainer(models: models, lookup: lookup))
    let datasets = ManagedDatasets(
      catalogue: catalogues.datasets, shelf: shelf, folder: dataFolder,
      fetcher: Fetcher(rule: imports.rule, limits: imports.limits, agent: "cairn/\(Version.text)"),
      uses: StudyUses(of: supervisor), logger: log)
    let api = TuningAPI(
      TuningAPIConfiguration(
        service: supervisor, context: catalogues.context,
        library: datasets, evaluator: catalogues.evaluator(models: models), pictures: datasets,
        answers: store, publicFolder: publicFolder.path,
        searchedFolders: publicFolder.searched, token: token,
        hosts: HostRule(adding: proxy.hosts + [address.host]), basePath: BasePath(proxy.basePath),
        frameAncestors: proxy.frameAncestors, version: Version.text, isReady: { state.isReady },
        moreMetrics: { state.metrics }, log: { log.error("\($0)") }))
    let server = HTTPServer(
      configuration: serverConfiguration, logger: log, bodyPolicy: api.bodyPolicy,
      answerer: api.answerer)
    state.server = server
    let bound: BoundAddress
    do { bound = try server.start(on: listening) } catch { throw PlainError(error.description) }
    parts.add("requests, imports and trials to end") {
      async let importsEnd: Void = datasets.stop(within: Self.shutdownSeconds)
      async let workersEnd: Void = pool.finish(within: Self.shutdownSeconds)
      await server.shutdown(deadline: Self.shutdownSeconds)
      await importsEnd
      await workersEnd
    }
    parts.add("running trials to go back into the queue") {
      store.bell.endWaits()
      await supervisor.shutDown()
    }
    do { try await supervisor.start() } catch {
      throw PlainError(
        "\(database) cannot be used: \(error)\("\(error)".hasSuffix(".") ? "" : ".")")
    }
    pool.start()
    datasets.resume()
    state.isReady = true
    parts.add("a line of the log to be written") {
      log.notice("stopping")
      state.isReady = false
    }
    if let trouble = store.trouble { log.error("\(trouble.sentence)") }
    // Reading every data set may take seconds; nobody waits for it.
    DispatchQueue.global().async {
      catalogues.datasets.examineAll()
      for problem in catalogues.datasets.problems { log.warning("data set \(problem.name): \(problem.message)") }
    }
    StandardStream.output.say("Cairn is ready at http://\(bound)/")
  }

  private var serverConfiguration: ServerConfiguration {
    var configuration = ServerConfiguration(host: address.host, port: address.port)
    configuration.limits = limits.messages
    configuration.headerTimeout = limits.headerTimeout
    configuration.bodyTimeout = limits.bodyTimeout
    configuration.minimumRate = limits.minimumRate
    configuration.memory = limits.memory
    configuration.writeTimeout = limits.writeTimeout
    configuration.idleTimeout = limits.idleTimeout
    configuration.maxConnections = limits.maxConnections
    return configuration
  }
}

/// What `/readyz` and `/metrics` read of the running service.
private final class ServiceState: Sendable {
  private let ready = Locked(false)
  private let running = Locked<HTTPServer?>(nil)

  var isReady: Bool {
    get { ready.value }
    set { ready.withLock { $0 = newValue } }
  }

  var server: HTTPServer? {
    get { running.value }
    set { running.withLock { $0 = newValue } }
  }

  var metrics: [Metric] {
    guard let statistics = server?.statistics else { return [] }
    return [
      Metric(
        "cairn_http_connections", "Open connections.", .gauge, [.init([], Double(statistics.openConnections))]),
      Metric(
        "cairn_http_connections_rejected_total", "Connections refused because there were too many.", .counter,
        [.init([], Double(statistics.rejectedConnections))]),
      Metric(
        "cairn_http_held_bytes", "Bytes of requests and unsent answers in memory.", .gauge,
        [.init([], Double(statistics.heldBytes))]),
      Metric(
        "cairn_http_responses_total", "Responses by class of status.", .counter,
        (1...5).map { .init([("class", "\($0)xx")], Double(statistics.responsesByClass[$0])) }),
      Metric(
        "cairn_http_bytes_total", "Bytes received and sent.", .counter,
        [
          .init([("direction", "in")], Double(statistics.bytesIn)),
          .init([("direction", "out")], Double(statistics.bytesOut)),
        ]),
    ]
  }
}
