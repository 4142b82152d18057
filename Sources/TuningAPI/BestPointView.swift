import Analysis
import JSONText
import Studies

/// What a best point scores on the part that the search never sees.
enum FinalResult: Sendable, Hashable {
  /// There is no such part, or the point is not one of those that are scored on it.
  case none
  /// It is still to be scored.
  case pending
  /// The objective on it.
  case scored(Double)

  var name: String {
    switch self {
    case .none: "none"
    case .pending: "pending"
    case .scored: "scored"
    }
  }
}

/// A best point as a caller sees it.
struct BestPointView {
  var point: BestPoint
  var scoring: Scoring
  var final: FinalResult
  /// What the point scores on the last part of a split that has one; nil inside where that is not known yet.
  var test: TestScore??

  func write(to writer: inout JSONWriter) {
    let statistics = PointStatistics(point, scoring)
    writer.beginObject()
    writer.name("parameters")
    writer.write(point.point)
    writer.member("value", point.mean)
    writer.member("standard_deviation", statistics.standardDeviation)
    writer.name("interval")
    if let interval = statistics.interval {
      writer.beginArray()
      writer.number(interval.lower)
      writer.number(interval.upper)
      writer.endArray()
    } else {
      writer.null()
    }
    writer.member("interval_covers", statistics.interval?.covers.rawValue)
    writer.member("runs", point.runs)
    writer.name("trials")
    writer.beginArray()
    for number in point.trials.prefix(BestPoint.mostTrials) { writer.integer(number) }
    writer.endArray()
    if case .scored(let value) = final { writer.member("final", value) } else { writer.member("final", nil as Double?) }
    writer.member("final_state", final.name)
    if let test {
      writer.name("test")
      if let test {
        writer.beginObject()
        writer.member("accuracy", test.accuracy)
        writer.member("loss", test.loss)
        writer.endObject()
      } else {
        writer.null()
      }
    }
    writer.endObject()
  }
}
