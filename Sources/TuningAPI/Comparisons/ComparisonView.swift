import Analysis
import JSONText
import Studies

/// A comparison as a caller sees it.
struct ComparisonView {
  let studies: ComparedStudies
  let comparison: Comparison

  func write(to writer: inout JSONWriter) {
    let all = studies.all.map(\.summary)
    writer.object { writer in
      if let made = studies.comparison { writer.member("name", made.name) }
      writer.member("state", Self.state(all.map(\.state)).rawValue)
      writer.object("progress") { writer in
        writer.member("studies", all.count)
        writer.member("ended", all.count { $0.state.isFinished })
        if let made = studies.comparison { writer.member("deleted", made.resolved.count - all.count) }
        for state in TrialState.allCases { writer.member(state.rawValue, all.reduce(0) { $0 + $1.counts[state] }) }
      }
      writer.array("algorithms", of: zip(studies.groups, comparison.results)) { pair, writer in
        Self.write(pair.0, pair.1, to: &writer)
      }
      writer.array("tests", of: comparison.tests, Self.write)
      writer.member("detail", comparison.detail)
      writer.array("by_seconds", of: comparison.results) { result, writer in
        writer.object { writer in
          writer.member("name", result.name)
          Self.write(result.bySeconds, "curve", places: "seconds", to: &writer)
        }
      }
      if let made = studies.comparison {
        writer.member("definition", made.definition)
        writer.member("created_at", made.createdAt)
      }
    }
  }

  /// A comparison as a list has it.
  static func write(_ row: ComparisonRow, to writer: inout JSONWriter) {
    let states = StudyState.allCases.filter { row.studies[$0, default: 0] > 0 }
    writer.object { writer in
      writer.member("name", row.name)
      writer.member("state", state(states).rawValue)
      writer.object("progress") { writer in
        let studies = row.studies.values.reduce(0, +)
        writer.member("studies", studies)
        writer.member("ended", states.filter(\.isFinished).reduce(0) { $0 + row.studies[$1, default: 0] })
        writer.member("deleted", row.algorithms.count * row.seeds - studies)
      }
      writer.array("algorithms", of: row.algorithms) { $1.string($0) }
      writer.member("seeds", row.seeds)
      writer.member("created_at", row.createdAt)
    }
  }

  /// The state of a whole: what keeps it from having ended, or the worst end.
  static func state(_ states: [StudyState]) -> StudyState {
    let order: [StudyState] = [.running, .paused, .failed, .stopped]
    return order.first { states.contains($0) } ?? .completed
  }

  private static func write(_ group: ComparedStudies.Group, _ result: Comparison.Result, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", result.name)
      writer.member("algorithm", JSONValue.object(group.algorithm))
      writer.array("studies", of: result.studies) { $1.string($0) }
      write(result.byTrials, "by_trials", places: "trials", to: &writer)
      write(result.byIterations, "by_iterations", places: "iterations", to: &writer)
      writer.array("targets", of: result.targets) { target, writer in
        writer.object { writer in
          writer.member("share", target.share)
          writer.member("value", target.value)
          writer.member("trials_50", target.half)
          writer.member("trials_90", target.nineTenths)
        }
      }
      writer.member("rank", result.rank)
    }
  }

  private static func write(
    _ curve: ComparisonCurve?, _ name: String, places: String, to writer: inout JSONWriter
  ) {
    guard let curve else {
      writer.member(name, JSONValue.null)
      return
    }
    writer.object(name) { writer in
      writer.array(places, of: curve.places) { $1.number($0) }
      writer.array("mean", of: curve.mean) { $1.number($0) }
      writer.array("lower", of: curve.lower) { $1.number($0) }
      writer.array("upper", of: curve.upper) { $1.number($0) }
    }
  }

  private static func write(_ test: Comparison.Test, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.array("algorithms", of: [test.first, test.second]) { $1.string($0) }
      writer.member("seeds", test.seeds)
      writer.array("better", of: [test.firstBetter, test.secondBetter]) { $1.integer($0) }
      writer.member("p", test.p)
      writer.member("p_corrected", test.corrected)
      writer.member("tells_apart", test.tellsApart)
    }
  }
}
