import Synchronization

/// What a server has done since it started.
public struct ServerStatistics: Sendable, Equatable {
  /// Connections open now.
  public var openConnections = 0
  /// Responses by the first digit of their status, 1 to 5; index 0 is unused.
  public var responsesByClass = [Int](repeating: 0, count: 6)
  /// Bytes received.
  public var bytesIn = 0
  /// Bytes sent.
  public var bytesOut = 0
  /// Bytes of requests and unsent answers that are held in memory now.
  public var heldBytes = 0
  /// Connections refused because too many were open.
  public var rejectedConnections = 0

  /// Responses of every class.
  public var responses: Int { responsesByClass.reduce(0, +) }
}

/// The counters behind the statistics: each counts alone, from any thread.
final class Counters: Sendable {
  let open = Atomic<Int>(0)
  let bytesIn = Atomic<Int>(0)
  let bytesOut = Atomic<Int>(0)
  let rejected = Atomic<Int>(0)
  private let success = Atomic<Int>(0)
  private let redirection = Atomic<Int>(0)
  private let clientError = Atomic<Int>(0)
  private let serverError = Atomic<Int>(0)

  func countResponse(_ status: Int) {
    switch status / 100 {
    case 2: success.add(1, ordering: .relaxed)
    case 3: redirection.add(1, ordering: .relaxed)
    case 4: clientError.add(1, ordering: .relaxed)
    default: serverError.add(1, ordering: .relaxed)
    }
  }

  var statistics: ServerStatistics {
    let classes = [
      0, 0, success.load(ordering: .relaxed), redirection.load(ordering: .relaxed),
      clientError.load(ordering: .relaxed), serverError.load(ordering: .relaxed),
    ]
    return ServerStatistics(
      openConnections: open.load(ordering: .relaxed), responsesByClass: classes,
      bytesIn: bytesIn.load(ordering: .relaxed), bytesOut: bytesOut.load(ordering: .relaxed),
      rejectedConnections: rejected.load(ordering: .relaxed))
  }
}
