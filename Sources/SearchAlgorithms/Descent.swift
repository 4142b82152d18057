/// One descent of a local search, as `GET …/restarts` lists it.
public struct Descent: Sendable, Hashable {
  /// From 1.
  public var restart: Int
  /// The trial numbers of its centres, the start first.
  public var path: [Int]
  /// The trial number of the best centre; nil while no centre is completed.
  public var optimum: Int?
  /// The optimum's value.
  public var value: Double?
  /// `local_optimum`, `no_feasible_neighbour`, or nil while it is in progress.
  public var stopReason: String?

  /// Makes a descent.
  public init(restart: Int, path: [Int], optimum: Int?, value: Double?, stopReason: String?) {
    self.restart = restart
    self.path = path
    self.optimum = optimum
    self.value = value
    self.stopReason = stopReason
  }
}
