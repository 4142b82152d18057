import Foundation

/// The right to run a trial.
public struct Lease: Sendable, Hashable {
  /// Its identity.
  public var id: UUID
  /// Who holds it.
  public var worker: String
  /// When it runs out unless it is renewed; nil for the local pool, whose leases end with the process.
  public var expiresAt: Date?

  /// Makes a lease.
  public init(id: UUID = UUID(), worker: String, expiresAt: Date? = nil) {
    self.id = id
    self.worker = worker
    self.expiresAt = expiresAt
  }

  /// Whether it is good beyond the end of the process that gave it.
  public var outlivesProcess: Bool { expiresAt != nil }
}
