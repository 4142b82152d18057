import PruningRules

extension LearningCurve {
  /// What the curve says of one metric at its steps below `end`: a rule is not asked once nothing more can be saved.
  public func judged(by metric: String, below end: Int = .max) -> JudgedCurve {
    var judged = JudgedCurve()
    guard let column = names.firstIndex(of: metric) else { return judged }
    for start in stride(from: 0, to: count * width, by: width) where numbers[start] < Double(end) {
      judged.append(step: Int(numbers[start]), value: numbers[start + 1 + column])
    }
    return judged
  }

  /// The curve up to and with a step.
  public func prefix(through step: Int) -> LearningCurve {
    let kept = stride(from: 0, to: count * width, by: width).prefix { numbers[$0] <= Double(step) }.count
    return LearningCurve(names: names, numbers: Array(numbers.prefix(kept * width)))
  }

  /// Its last point alone; empty where it has none.
  public var last: LearningCurve { LearningCurve(names: names, numbers: numbers.suffix(count > 0 ? width : 0)) }

  /// Its point at a step; nil where it has none.
  public func point(at step: Int) -> LearningCurve? {
    let places = stride(from: 0, to: count * width, by: width)
    guard let start = places.first(where: { numbers[$0] == Double(step) }) else { return nil }
    return LearningCurve(names: names, numbers: Array(numbers[start..<start + width]))
  }
}
