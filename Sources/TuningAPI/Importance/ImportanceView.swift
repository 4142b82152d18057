import Analysis
import JSONText

/// The importances of a study's parameters as a caller sees them.
struct ImportanceView: Sendable {
  var importance: Importance
  var source: Importance.Source

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("method", importance.method?.rawValue)
      writer.array("importances", of: importance.shares) { share, writer in
        writer.object { writer in
          writer.member("parameter", share.parameter)
          writer.member("importance", share.importance)
          writer.member("standard_deviation", share.standardDeviation)
        }
      }
      writer.member("interactions", importance.interactions)
      writer.member("interactions_standard_deviation", importance.interactionsDeviation)
      if let pairs = importance.pairs {
        writer.array("pairs", of: pairs) { pair, writer in
          writer.object { writer in
            writer.array("parameters", of: pair.parameters) { $1.string($0) }
            writer.member("importance", pair.importance)
          }
        }
      } else {
        writer.member("pairs", JSONValue.null)
      }
      writer.member("points", importance.points)
      writer.member("trials", importance.trials)
      writer.member("completed", source.completed)
      writer.member("fit", importance.fit)
      writer.member("detail", importance.sentence(source))
    }
  }
}
