import Studies

/// When a study will end, from what its trials cost so far, by their parameters.
public enum TimeLeft {
  /// Seconds until the study's trials are done; nil where they are unbounded or nothing is known of their cost.
  ///
  /// Seconds are fitted as a straight line over predicted operations, a + b · operations with a, b ≥ 0; what is left of
  /// running trials and all that is still to start is shared by the workers. `now` is a reading of the clock's `seconds`.
  /// O(running trials).
  public static func seconds(_ status: LiveStatus, now: Double) -> Double? {
    guard let remaining = status.remaining else { return nil }
    if remaining.count == 0, status.batches.isEmpty { return 0 }
    guard let line = Line(status.costs) else { return nil }
    let running = status.batches.map { batch in
      let whole = Double(batch.count) * line.fixed + batch.operations * line.slope
      return max(0, whole - (now - batch.startedAt))
    }
    let waiting = Double(remaining.count) * line.fixed + remaining.operations * line.slope
    let shared = (running.reduce(0, +) + waiting) / max(1, status.workers)
    return max(shared, running.max() ?? 0)
  }

  /// A straight line through seconds over operations, with neither part below zero.
  struct Line {
    var fixed: Double
    var slope: Double

    init?(_ sums: CostSums) {
      guard sums.count > 0 else { return nil }
      let n = Double(sums.count)
      let spread = n * sums.xx - sums.x * sums.x
      // Points that lie within a thousandth of each other tell nothing of a slope.
      if spread > 1e-6 * sums.x * sums.x {
        slope = (n * sums.xy - sums.x * sums.y) / spread
        fixed = (sums.y - slope * sums.x) / n
        if slope < 0 { (slope, fixed) = (0, sums.y / n) }
        if fixed < 0 { (slope, fixed) = (sums.xy / sums.xx, 0) }
      } else {
        slope = sums.x > 0 ? sums.y / sums.x : 0
        fixed = sums.x > 0 ? 0 : sums.y / n
      }
    }

    func seconds(_ operations: Double) -> Double { fixed + slope * operations }
  }
}
