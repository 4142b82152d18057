import Analysis
import JSONText
import Studies

/// Which points cannot be told apart from the best, as a caller sees it.
struct LeadersView {
  var leaders: Leaders
  var scoring: Scoring
  /// The best of all points, however often it was run; nil where there is none.
  var best: BestPoint?
  /// Whether a trial can have several scores.
  var mayRepeat: Bool

  func write(to writer: inout JSONWriter) {
    // A point that was run once may be in front of all that are compared.
    let single = best.flatMap { $0.runs < 2 ? $0.trials.first : nil }
    let detail = leaders.sentence(single: single, hasTrials: best != nil, mayRepeat: mayRepeat, scoring: scoring)
    writer.object("leaders") { writer in
      writer.array("trials", of: leaders.members) { $1.integer($0.trial) }
      writer.array("p", of: leaders.members) { member, writer in
        if let p = member.p { writer.number(p) } else { writer.null() }
      }
      writer.member("detail", detail)
    }
  }
}
