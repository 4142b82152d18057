import CSystem
import Foundation
import HTTPMessages
import Logging
import Promises

/// An HTTP/1.1 server on sockets and Dispatch.
///
/// A server that was started lives until `shutdown`, whether or not it is still referred to.
public final class HTTPServer: Sendable {
  private let configuration: ServerConfiguration
  private let logger: Logger
  private let bodyPolicy: BodyPolicyChooser
  private let answerer: HTTPAnswerer
  private let counters = Counters()
  private let budget: MemoryBudget
  private let state = Locked(State.new)

  /// A server starts once, and ends once.
  private enum State {
    case new
    case starting
    case running(Acceptor, [EventLoop])
    case ended
  }

  /// Makes a server that does not listen yet.
  ///
  /// `bodyPolicy` is asked once the head of a request is read, and `answerer` once the request is whole or its body is to
  /// be read, both on the thread that serves its connection; they must be quick. Without a policy every body is collected.
  public init(
    configuration: ServerConfiguration, logger: Logger = Logger(label: "http"),
    bodyPolicy: @escaping BodyPolicyChooser = { _ in .collect() }, answerer: @escaping HTTPAnswerer
  ) {
    self.bodyPolicy = bodyPolicy
    budget = MemoryBudget(limit: configuration.memory)
    self.configuration = configuration
    self.logger = logger
    self.answerer = answerer
  }

  /// Makes a server whose handler always takes its time.
  public convenience init(
    configuration: ServerConfiguration, logger: Logger = Logger(label: "http"),
    bodyPolicy: @escaping BodyPolicyChooser = { _ in .collect() }, handler: @escaping HTTPHandler
  ) {
    self.init(configuration: configuration, logger: logger, bodyPolicy: bodyPolicy) { request in
      .later { await handler(request) }
    }
  }

  /// Throws where the limit of open files leaves too few for connections and the rest of the process.
  public static func checkOpenFiles() throws(ServerError) {
    let files = cairn_raise_open_file_limit()
    if files >= 0, files < Acceptor.fewestFiles { throw .tooFewFiles(limit: files, needed: Acceptor.fewestFiles) }
  }

  /// Listens, where that is not done already, and serves from here on; returns the address, with the port that the
  /// system chose for 0.
  public func start(on listening: ListeningSocket? = nil) throws(ServerError) -> BoundAddress {
    let isFirst = state.withLock { state in
      guard case .new = state else { return false }
      state = .starting
      return true
    }
    guard isFirst else { throw .alreadyStarted }
    let socket: ListeningSocket
    if let listening {
      socket = listening
    } else {
      socket = try ListeningSocket(host: configuration.host, port: configuration.port)
    }
    var loops: [EventLoop] = []
    do throws(ServerError) {
      for index in 0..<max(1, configuration.loops) {
        loops.append(
          try EventLoop(
            index: index, configuration: configuration, bodyPolicy: bodyPolicy, counters: counters,
            budget: budget, answerer: answerer))
      }
    } catch {
      for loop in loops { loop.inbox.post(.stopNow) }
      close(socket.descriptor)
      throw error
    }
    let acceptor = Acceptor(
      descriptor: socket.descriptor, loops: loops, maxConnections: configuration.maxConnections,
      counters: counters, logger: logger)
    state.withLock { $0 = .running(acceptor, loops) }
    logger.debug("Listening.", metadata: ["address": "\(socket.address)"])
    return socket.address
  }

  /// Accepts no more, closes what is idle, answers what has begun with `Connection: close`, and returns
  /// when that is done or, closing the rest, after `deadline` seconds.
  public func shutdown(deadline: Double) async {
    let parts: (Acceptor, [EventLoop])? = state.withLock { state in
      guard case .running(let acceptor, let loops) = state else { return nil }
      state = .ended
      return (acceptor, loops)
    }
    guard let (acceptor, loops) = parts else { return }
    acceptor.stop()
    for loop in loops { loop.inbox.post(.stop) }
    await connectionsToEnd(within: deadline)
    let left = statistics.openConnections
    if left > 0 { logger.warning("Closing connections at the deadline.", metadata: ["connections": "\(left)"]) }
    for loop in loops { loop.inbox.post(.stopNow) }
    await connectionsToEnd(within: 1)
  }

  private func connectionsToEnd(within seconds: Double) async {
    let end = SuspendingClock.now + .seconds(seconds)
    while statistics.openConnections > 0, SuspendingClock.now < end {
      // A cancelled task still waits for the requests in flight, without turning in a circle.
      await Task.detached { try? await Task.sleep(for: .milliseconds(5), clock: SuspendingClock()) }.value
    }
  }

  /// What the server has done so far; from any thread.
  public var statistics: ServerStatistics {
    var statistics = counters.statistics
    statistics.heldBytes = budget.held
    return statistics
  }
}
