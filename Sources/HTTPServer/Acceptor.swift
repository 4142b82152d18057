import CSystem
import Dispatch
import Foundation
import Logging
import Synchronization

/// Accepts connections and deals them to the loops in turn.
///
/// `@unchecked Sendable`: `next` and `isFull` are used on `queue` alone; all else is constant.
final class Acceptor: @unchecked Sendable {
  /// The fewest open files with which a process can serve.
  static let fewestFiles = 128
  /// Connections over the limit that are still told why; more are closed without a word.
  private static let refusals = 64
  /// Descriptors left to the rest of the process.
  private static let reserve = 192

  /// Bytes that the system keeps for a client beyond what is on its way; more wait here, where they are counted.
  private static let unsent: UInt32 = 256 << 10

  private let descriptor: Int32
  private let loops: [EventLoop]
  private let counters: Counters
  private let logger: Logger
  private let limit: Int
  private let refusals: Int
  private let queue = DispatchQueue(label: "http-accept")
  private let source: any DispatchSourceRead
  private var next = 0
  private var isFull = false

  /// Begins to accept; owns the descriptor from here on.
  init(descriptor: Int32, loops: [EventLoop], maxConnections: Int, counters: Counters, logger: Logger) {
    self.descriptor = descriptor
    self.loops = loops
    self.counters = counters
    self.logger = logger
    let files = cairn_raise_open_file_limit()
    refusals = files < 0 ? Self.refusals : min(Self.refusals, files / 8)
    let reserve = min(Self.reserve, files / 2)
    limit = files < 0 ? maxConnections : max(1, min(maxConnections, files - reserve - refusals))
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler { @Sendable [self] in accept() }
    source.setCancelHandler { @Sendable in Glibc.close(descriptor) }
    source.resume()
  }

  /// Accepts no more; the port is free for another when this returns.
  func stop() {
    queue.sync {
      // The cancel handler closes the descriptor some time later: until then its number is ours alone.
      shutdown(descriptor, Int32(SHUT_RDWR))
      source.cancel()
    }
  }

  private func accept() {
    while !source.isCancelled {
      let accepted = cairn_accept(descriptor, nil, nil)
      if accepted < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        if errno != EAGAIN { pause(errno) }
        return
      }
      var on: Int32 = 1
      setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
      cairn_limit_unsent(accepted, Self.unsent)
      deal(accepted)
    }
  }

  private func deal(_ accepted: Int32) {
    let open = counters.open.add(1, ordering: .relaxed).oldValue
    if open >= limit {
      counters.rejected.add(1, ordering: .relaxed)
      if !isFull { logger.warning("Too many connections; new ones get 503.", metadata: ["limit": "\(limit)"]) }
    }
    isFull = open >= limit
    next = (next + 1) % loops.count
    if open >= limit + refusals || !loops[next].inbox.post(isFull ? .refused(accepted) : .accepted(accepted)) {
      Glibc.close(accepted)
      counters.open.subtract(1, ordering: .relaxed)
    }
  }

  /// Without descriptors or memory the listener stays readable; waiting a little spares the processor.
  private func pause(_ failure: Int32) {
    logger.warning("Cannot accept a connection.", metadata: ["reason": "\(String(cString: strerror(failure)))"])
    source.suspend()
    queue.asyncAfter(deadline: .now() + .milliseconds(100)) { @Sendable [self] in source.resume() }
  }
}
