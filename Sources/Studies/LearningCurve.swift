/// One point of a trial's learning curve.
public struct CurvePoint: Sendable, Hashable {
  /// The iteration.
  public var step: Int
  /// The metrics by name.
  public var metrics: [String: Double]
  /// Makes a point.
  public init(step: Int, metrics: [String: Double]) {
    self.step = step
    self.metrics = metrics
  }
}

/// A learning curve as one block of numbers, since thousands are kept and few are looked at.
public struct LearningCurve: Sendable, Hashable {
  /// The metrics' names.
  public var names: [String]
  /// For each point its step, then its metrics in the order of `names`; NaN where it lacks one.
  public var numbers: [Double]

  /// Makes a curve of numbers as `numbers` says.
  public init(names: [String], numbers: [Double] = []) {
    self.names = names
    self.numbers = numbers
  }

  /// Makes a curve of points, steps ascending.
  public init(_ points: [CurvePoint]) {
    names = Set(points.flatMap(\.metrics.keys)).sorted()
    numbers = []
    for point in points {
      numbers.append(Double(point.step))
      for name in names { numbers.append(point.metrics[name] ?? .nan) }
    }
  }

  /// How many numbers a point takes.
  public var width: Int { names.count + 1 }
  /// How many points there are.
  public var count: Int { numbers.count / width }

  /// The points one by one, steps ascending.
  public var points: [CurvePoint] {
    stride(from: 0, to: count * width, by: width).map { start in
      let metrics = zip(names, numbers[(start + 1)..<(start + width)]).filter { !$1.isNaN }
      return CurvePoint(step: Int(numbers[start]), metrics: Dictionary(uniqueKeysWithValues: metrics))
    }
  }

  /// The metrics of the last point by name.
  public var lastMetrics: [String: Double] {
    guard count > 0 else { return [:] }
    return Dictionary(uniqueKeysWithValues: zip(names, numbers.suffix(names.count)).filter { !$1.isNaN })
  }
}
