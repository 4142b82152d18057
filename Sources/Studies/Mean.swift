extension Collection<Double> {
  /// The mean, summed from the first number on: equal numbers give that very number. NaN for none.
  public var mean: Double {
    guard let first else { return .nan }
    return first + reduce(0) { $0 + ($1 - first) } / Double(count)
  }
}
