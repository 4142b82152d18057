import Foundation

/// The right to run a trial.
public struct Lease: Sendable, Hashable {
  /// Its identity.
  public var id: UUID
  /// Who holds it.
  public var worker: String
  /// How long it lasts where nobody renews it; nil for the local pool, whose leases end with the process.
  public var seconds: Double?
  /// When it runs out unless it is renewed; nil for the local pool.
  public var expiresAt: Date?
  /// When its holder was last heard of, once that was.
  public var heartbeatAt: Date?

  /// Makes a lease.
  public init(
    id: UUID = UUID(), worker: String, seconds: Double? = nil, expiresAt: Date? = nil, heartbeatAt: Date? = nil
  ) {
    self.id = id
    self.worker = worker
    self.seconds = seconds
    self.expiresAt = expiresAt
    self.heartbeatAt = heartbeatAt
  }

  /// Whether it is good beyond the end of the process that gave it.
  public var outlivesProcess: Bool { seconds != nil }

  /// The lease, good for a whole period from a moment on.
  func renewed(at moment: Moment) -> Lease {
    var lease = self
    lease.expiresAt = seconds.map { moment.date.later(by: $0) }
    return lease
  }
}
