/// Sums over finished trials of predicted operations x and measured seconds y, enough for a straight line.
public struct CostSums: Sendable, Hashable {
  public private(set) var count = 0
  public private(set) var x = 0.0
  public private(set) var y = 0.0
  public private(set) var xx = 0.0
  public private(set) var xy = 0.0

  /// Seconds for each operation on average; nil while nothing is known.
  public var secondsPerOperation: Double? { x > 0 ? y / max(x, 1) : nil }

  /// Makes empty sums.
  public init() {}

  /// Adds a trial.
  public mutating func add(operations: Double, seconds: Double) {
    count += 1
    x += operations
    y += seconds
    xx += operations * operations
    xy += operations * seconds
  }
}
