import SearchSpace

/// A parameter divided into cells: levels or categories, or parts of a range.
///
/// Each level of a list is as likely as another. A range counts by its scale: on a logarithmic one, 1 to 10 as much as 10 to
/// 100.
struct CellAxis: Sendable {
  /// Where a parameter is absent from a point.
  static let absent = UInt16.max

  /// How likely each cell is; the sum is 1.
  let weights: [Double]
  /// Sums of the weights before each cell, and of all.
  let sums: [Double]
  /// Whether cells that lie side by side are alike; not so of categories.
  let isOrdered: Bool
  private let domain: Parameter.Domain
  private let levels: Int?

  /// Divides a domain into at most `most` cells, from 1 to 65,535. Neighbours share one where there are more levels.
  init(_ domain: Parameter.Domain, most: Int) {
    self.domain = domain
    let levels = domain.levelCount.flatMap { Int(exactly: $0) }
    self.levels = levels
    let count = levels.map { min($0, most) } ?? most
    switch domain {
    case .levels(let values), .categories(let values):
      var counts = [Double](repeating: 0, count: count)
      for index in values.indices { counts[index * count / values.count] += 1 }
      weights = counts.map { $0 / Double(values.count) }
    case .integerRange(let minimum, let maximum, let scale):
      weights = Self.weights(minimum, maximum, scale, cells: count, domain)
    case .realRange: weights = [Double](repeating: 1 / Double(count), count: count)
    }
    var sums = [0.0]
    for weight in weights { sums.append((sums.last ?? 0) + weight) }
    sums[count] = 1
    self.sums = sums
    if case .categories = domain { isOrdered = false } else { isOrdered = true }
  }

  var count: Int { weights.count }

  /// The cell of a value; nil where the value is none of the domain's.
  func cell(of value: ParameterValue) -> Int? {
    switch domain {
    case .levels: return level(of: value).map { $0 * count / (levels ?? 1) }
    case .categories(let values):
      let place = values.firstIndex { $0 == value || $0.number != nil && $0.number == value.number }
      return place.map { $0 * count / values.count }
    case .integerRange(let minimum, let maximum, _):
      guard let number = value.number.flatMap({ Int(exactly: $0) }), minimum <= number, number <= maximum else {
        return nil
      }
      return levels == count ? number - minimum : Self.part(domain, number, of: count)
    case .realRange(let minimum, let maximum, _):
      guard let number = value.number, minimum <= number, number <= maximum else { return nil }
      return min(Int(domain.coordinate(of: .real(number)) * Double(count)), count - 1)
    }
  }

  /// A value that lies in a cell.
  func value(in cell: Int) -> ParameterValue {
    guard let levels else { return domain.value(at: (Double(cell) + 0.5) / Double(count)) }
    if levels == count { return domain.level(at: UInt64(cell)) }
    if case .integerRange = domain { return domain.value(at: (Double(cell) + 0.5) / Double(count)) }
    return domain.level(at: UInt64((cell * levels + count - 1) / count))
  }

  /// The cell at a share of the sum of weights, from 0 up to but not 1.
  func cell(at share: Double) -> Int {
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if sums[middle] <= share { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The index of a level, whatever type its number has.
  private func level(of value: ParameterValue) -> Int? {
    guard case .levels(let values) = domain, let number = value.number else { return nil }
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle].number ?? .infinity < number { low = middle + 1 } else { high = middle }
    }
    return low < values.count && values[low].number == number ? low : nil
  }

  /// In which of `count` equal parts of a range's scale an integer lies.
  private static func part(_ domain: Parameter.Domain, _ number: Int, of count: Int) -> Int {
    min(Int(domain.coordinate(of: .integer(number)) * Double(count)), count - 1)
  }

  /// Of each cell the share of its integers; on a logarithmic scale n has that of [n, n + 1).
  private static func weights(
    _ minimum: Int, _ maximum: Int, _ scale: Parameter.Scale, cells: Int, _ domain: Parameter.Domain
  ) -> [Double] {
    let isWhole = domain.levelCount == UInt64(cells)
    let starts = (0...cells).map { cell -> Double in
      if isWhole { return Double(minimum) + Double(cell) }
      if cell == cells { return Double(maximum) + 1 }
      var (low, high) = (minimum, maximum)
      while low < high {
        // The difference of two integers may be too large for one.
        let middle = low + Int((UInt64(bitPattern: Int64(high &- low))) / 2)
        if part(domain, middle, of: cells) < cell { low = middle + 1 } else { high = middle }
      }
      return Double(low)
    }
    let places = scale == .log ? starts.map { PortableMath.log($0) } : starts
    let all = places[cells] - places[0]
    return (0..<cells).map { (places[$0 + 1] - places[$0]) / all }
  }
}
