extension Parameter.Domain {
  /// How many levels there are; nil for a real range, which has no grid.
  public var levelCount: UInt64? {
    switch self {
    case .levels(let values), .categories(let values): UInt64(values.count)
    case .integerRange(let minimum, let maximum, _): UInt64(bitPattern: Int64(maximum &- minimum)) &+ 1
    case .realRange: nil
    }
  }

  /// The level of an index below `levelCount`.
  public func level(at index: UInt64) -> ParameterValue {
    switch self {
    case .levels(let values), .categories(let values): values[Int(index)]
    case .integerRange(let minimum, _, _): .integer(minimum + Int(index))
    case .realRange: preconditionFailure("a real range has no levels")
    }
  }

  /// The index of a level, or nil where the value is none. Levels: O(log n); categories: O(n).
  public func index(of value: ParameterValue) -> UInt64? {
    switch self {
    case .categories(let values): return values.firstIndex(of: value).map(UInt64.init)
    case .integerRange(let minimum, let maximum, _):
      guard case .integer(let number) = value, (minimum...maximum).contains(number) else { return nil }
      return UInt64(number - minimum)
    case .levels(let values):
      guard let number = value.number else { return nil }
      var low = 0
      var high = values.count
      while low < high {
        let middle = (low + high) / 2
        if values[middle].number ?? .infinity < number { low = middle + 1 } else { high = middle }
      }
      return low < values.count && values[low] == value ? UInt64(low) : nil
    case .realRange: return nil
    }
  }

  /// A value drawn evenly in the scale; all levels, or all categories, are equally likely.
  public func value(drawnBy generator: KeyedGenerator, at index: UInt64) -> ParameterValue {
    switch self {
    case .levels, .categories, .integerRange(_, _, .linear):
      return level(at: generator.integer(below: levelCount ?? 1, at: index))
    case .integerRange(let minimum, let maximum, .log):
      // Each integer n gets the share of [n, n + 1) on the log scale.
      let low = PortableMath.log(Double(minimum))
      let high = PortableMath.log(Double(maximum) + 1)
      let number = PortableMath.exp(low + (high - low) * generator.unit(at: index)).rounded(.down)
      return .integer(min(max(Int(number), minimum), maximum))
    case .realRange(let minimum, let maximum, .linear):
      let share = generator.unit(at: index)
      return .real(min(max(minimum * (1 - share) + maximum * share, minimum), maximum))
    case .realRange(let minimum, let maximum, .log):
      let low = PortableMath.log(minimum)
      let high = PortableMath.log(maximum)
      return .real(min(max(PortableMath.exp(low + (high - low) * generator.unit(at: index)), minimum), maximum))
    }
  }
}
