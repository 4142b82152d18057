/// Who runs trials.
public struct Worker: Sendable, Hashable {
  /// Where a worker lives, and with that how long its leases last.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A thread of this process, whose leases end with the process.
    case local
    /// A caller elsewhere, whose leases outlive the process and end where nobody renews them.
    case external
  }

  /// Its name (`local-1`).
  public var name: String
  public var kind: Kind
  /// The most trials that it takes at once.
  public var capacity: Int
  /// How long its leases last where they outlive the process, in seconds.
  public var leaseSeconds: Double

  /// Makes a worker.
  public init(name: String, kind: Kind = .local, capacity: Int = .max, leaseSeconds: Double = 60) {
    self.name = name
    self.kind = kind
    self.capacity = capacity
    self.leaseSeconds = leaseSeconds
  }

  /// A new lease for it.
  func lease(at moment: Moment) -> Lease {
    switch kind {
    case .local: Lease(worker: name)
    case .external: Lease(worker: name, seconds: leaseSeconds).renewed(at: moment)
    }
  }
}
