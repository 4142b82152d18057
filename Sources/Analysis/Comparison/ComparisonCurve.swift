import SearchSpace

/// The best value so far, as the mean over an algorithm's seeds.
public struct ComparisonCurve: Sendable, Hashable {
  /// The most places of a curve.
  public static let mostPlaces = 200

  /// Trials, iterations or seconds, ascending; the first is where every race has a value.
  public private(set) var places: [Double] = []
  /// The mean at each place.
  public private(set) var mean: [Double] = []
  /// The lower ends of the 95 % intervals of the mean; empty for one seed.
  public private(set) var lower: [Double] = []
  /// Their upper ends.
  public private(set) var upper: [Double] = []

  /// A curve of some paths; empty where one of them has no value yet. A path that has ended keeps its last value; the curve
  /// ends where the shortest of the others does. `isWhole`: places are whole numbers.
  init(_ paths: [BestPath], isWhole: Bool, _ resamples: Resamples) {
    let open = paths.filter { !$0.hasEnded }.map(\.end)
    let firsts = paths.compactMap { $0.places.first }
    guard firsts.count == paths.count, let start = firsts.max(),
      let end = open.min() ?? paths.map(\.end).max(), start <= end
    else { return }
    for place in Self.spread(start, end, isWhole: isWhole) {
      let values = paths.compactMap { $0.value(at: place) }
      places.append(place)
      mean.append(values.reduce(0, +) / Double(values.count))
      guard values.count > 1 else { continue }
      let interval = resamples.interval(of: values)
      lower.append(interval.lower)
      upper.append(interval.upper)
    }
  }

  /// Places from one to another, both among them.
  private static func spread(_ start: Double, _ end: Double, isWhole: Bool) -> [Double] {
    guard end > start else { return [start] }
    let room = isWhole ? min(end - start + 1, Double(mostPlaces)) : Double(mostPlaces)
    let steps = max(1, Int(room) - 1)
    return (0...steps).map { step in
      let place = step == steps ? end : start + (end - start) * Double(step) / Double(steps)
      return isWhole ? place.rounded() : place
    }
  }
}

/// Which of some values each draw of a bootstrap takes (Efron and Tibshirani 1993, chapter 13: percentile intervals).
///
/// The draws follow from the count alone, so that the same values always have the same interval.
struct Resamples: Sendable {
  /// How many draws there are.
  static let count = 1000

  private let size: Int
  private let taken: [UInt16]

  /// As many draws as there are races, at most 65,535.
  init(of size: Int) {
    self.size = size
    let generator = KeyedGenerator(seed: 0, key: [UInt64(size)])
    taken = (0..<UInt64(Self.count * size)).map { UInt16(generator.integer(below: UInt64(size), at: $0)) }
  }

  /// The 95 % interval of the mean of `size` values: the 25th lowest and the 25th highest mean of the draws.
  func interval(of values: [Double]) -> (lower: Double, upper: Double) {
    precondition(values.count == size)
    let means = (0..<Self.count).map { draw in
      taken[draw * size..<(draw + 1) * size].reduce(0) { $0 + values[Int($1)] } / Double(size)
    }.sorted()
    return (means[24], means[Self.count - 25])
  }
}
