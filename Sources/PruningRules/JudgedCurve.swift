/// What a trial has reported of its objective so far, steps ascending, with what rules ask of every part of it.
public struct JudgedCurve: Sendable, Hashable {
  /// One report, and what the curve up to and with it says.
  public struct Report: Sendable, Hashable {
    /// The step that the trial has reached.
    public var step: Int
    /// The objective at this step, always finite.
    public var value: Double
    /// The smallest value up to this step.
    public var least: Double
    /// The largest value up to this step.
    public var most: Double
    /// The mean value up to this step, each value weighted by the steps since the report before.
    public var mean: Double

    /// The steps that the mean is over.
    fileprivate var weight: Double

    /// The best value up to this step.
    public func best(maximize: Bool) -> Double { maximize ? most : least }
  }

  /// The reports, steps ascending.
  public private(set) var reports: [Report] = []

  /// Makes a curve without reports.
  public init() {}

  /// Makes a curve of reports, as `append` takes them.
  public init(_ values: [(step: Int, value: Double)]) {
    for (step, value) in values { append(step: step, value: value) }
  }

  /// Adds a report and says whether it was taken: a value that is not finite, or a step that does not rise, says nothing.
  /// Amortized O(1).
  @discardableResult
  public mutating func append(step: Int, value: Double) -> Bool {
    guard value.isFinite else { return false }
    guard let last = reports.last else {
      // The first value counts for the steps since 0.
      reports.append(
        Report(step: step, value: value, least: value, most: value, mean: value, weight: Double(max(1, step))))
      return true
    }
    guard step > last.step else { return false }
    let (least, most) = (min(last.least, value), max(last.most, value))
    let weight = last.weight + (Double(step) - Double(last.step))
    let share = last.weight / weight
    // Each product is finite where a sum of weighted values might not be; the bounds take what rounding adds.
    let mean = min(max(last.mean * share + value * (1 - share), least), most)
    reports.append(Report(step: step, value: value, least: least, most: most, mean: mean, weight: weight))
    return true
  }
}
