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
      writer.member("standard_deviation", statistics.standardDeviation)
      if let interval = statistics.interval {
        writer.array("interval", of: [interval.lower, interval.upper]) { $1.number($0) }
      } else {
        writer.member("interval", .null)
      }
      writer.member("interval_covers", statistics.interval?.covers.rawValue)
      writer.member("runs", point.runs)
      writer.array("trials", of: point.trials.prefix(BestPoint.mostTrials)) { $1.integer($0) }
      writer.member("final", final.score.map { isLoss ? $0.loss : $0.accuracy })
      writer.member("final_state", final.name)
      writeTest(to: &writer)
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
