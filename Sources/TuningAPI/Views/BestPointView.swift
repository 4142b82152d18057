import Analysis
import JSONText
import Studies

/// A best point as a caller sees it.
struct BestPointView {
  var point: BestPoint
  var scoring: Scoring
  /// What the point scores on the part that the search never sees.
  var final: TestResult
  /// Whether the objective is a loss; else it is an accuracy.
  var isLoss: Bool
  /// What the point scores on the last part of a split that has one; nil where there is no such part.
  var test: TestResult?

  func write(to writer: inout JSONWriter) {
    let statistics = PointStatistics(point, scoring)
    writer.object { writer in
      writer.name("parameters")
      writer.write(point.point)
      writer.member("value", point.mean)
      Self.write(statistics, to: &writer)
      writer.member("runs", point.runs)
      writer.array("trials", of: point.trials.prefix(BestPoint.mostTrials)) { $1.integer($0) }
      writer.member("final", final.score.map { isLoss ? $0.loss : $0.accuracy })
      writer.member("final_state", final.name)
      writeConfirmed(to: &writer)
      writeTest(to: &writer)
    }
  }

  private static func write(_ statistics: PointStatistics, to writer: inout JSONWriter) {
    writer.member("standard_deviation", statistics.standardDeviation)
    if let interval = statistics.interval {
      writer.array("interval", of: [interval.lower, interval.upper]) { $1.number($0) }
    } else {
      writer.member("interval", .null)
    }
    writer.member("interval_covers", statistics.interval?.covers.rawValue)
  }

  private func writeConfirmed(to writer: inout JSONWriter) {
    guard let confirmed = point.confirmed else { return }
    writer.object("confirmed") { writer in
      writer.member("value", confirmed.mean)
      Self.write(PointStatistics(confirmed, scoring), to: &writer)
      writer.member("runs", confirmed.runs)
    }
  }

  private func writeTest(to writer: inout JSONWriter) {
    guard let test else { return }
    guard let score = test.score else { return writer.member("test", .null) }
    writer.object("test") { writer in
      writer.member("accuracy", score.accuracy)
      writer.member("loss", score.loss)
    }
  }
}
