/// Places of numbers in the scale of a range, from 0 at its lower end to 1 at its upper one.
extension Parameter.Domain {
  /// Where a number of a range lies; 0 or 1 where it is outside, ½ where the range has one value alone or this is no number.
  public func coordinate(of value: ParameterValue) -> Double {
    guard let (low, high, isLog) = ends, low < high, let number = value.number else { return 0.5 }
    let place = ((isLog ? PortableMath.log(number) : number) - low) / (high - low)
    return min(max(place, 0), 1)
  }

  /// The number of a range at a place, an integer where its values are; the ends are exact.
  public func value(at place: Double) -> ParameterValue {
    guard let (low, high, isLog) = ends else { preconditionFailure("only a range has a scale") }
    let between = low * (1 - place) + high * place
    let number = isLog ? PortableMath.exp(between) : between
    switch self {
    case .integerRange(let minimum, let maximum, _): return .integer(min(max(Int(number.rounded()), minimum), maximum))
    case .realRange(let minimum, let maximum, _):
      if place == 0 { return .real(minimum) }
      return .real(place == 1 ? maximum : min(max(number, minimum), maximum))
    case .levels, .categories: preconditionFailure("only a range has a scale")
    }
  }

  /// Where a number lies among levels: the index of the level below, and its share of the way to the next one. The nearest
  /// level's index where it is outside, or no number.
  public func placeBetweenLevels(of value: ParameterValue) -> Double {
    guard let count = levelCount, let number = value.number else { return 0 }
    var (low, high) = (UInt64(0), count)
    while low < high {
      let middle = low + (high - low) / 2
      if level(at: middle).number ?? .infinity < number { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 0 }
    guard low < count, let below = level(at: low - 1).number, let above = level(at: low).number else {
      return Double(count - 1)
    }
    return Double(low - 1) + (number - below) / (above - below)
  }

  /// The ends of a range in its scale; nil of a list.
  private var ends: (low: Double, high: Double, isLog: Bool)? {
    switch self {
    case .integerRange(let low, let high, let scale): Self.ends(Double(low), Double(high), scale)
    case .realRange(let low, let high, let scale): Self.ends(low, high, scale)
    case .levels, .categories: nil
    }
  }

  private static func ends(_ low: Double, _ high: Double, _ scale: Parameter.Scale) -> (Double, Double, Bool) {
    scale == .log ? (PortableMath.log(low), PortableMath.log(high), true) : (low, high, false)
  }
}
