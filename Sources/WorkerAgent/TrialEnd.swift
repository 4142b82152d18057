import JSONText

/// How the end of a trial is said to the person who started the worker.
enum TrialEnd {
  /// The state that is counted, and what follows "trial 7".
  static func words(_ conclusion: Conclusion, objective: String) -> (state: String, sentence: String) {
    switch conclusion {
    case .told(let result, let state): (counted(state), told(result, state, objective))
    case .refused(let reason): ("not taken", "ended, but the service did not take its result: \(reason)")
    case .pruned: ("pruned", "pruned")
    case .stopped: ("stopped", "stopped, because its study is over or the worker had to end")
    case .deleted: ("deleted", "ended, because its study was deleted")
    case .leaseLost: ("lost", "ended, because its lease ran out and another worker may have it")
    case .released: ("handed back", "handed back")
    }
  }

  private static func counted(_ state: String) -> String { state == "queued" ? "to be tried again" : state }

  private static func told(_ result: TrialResult, _ state: String, _ objective: String) -> String {
    let states = state == "queued" ? "will be tried again" : state
    switch result {
    case .metrics(let metrics):
      return states + (metrics[objective].map { ": \(objective) \($0.text)" } ?? "")
    case .infeasible(let reason): return "\(states): \(firstLine(reason))"
    case .failure(let reason, let kind): return "\(states) (\(kind.rawValue)): \(firstLine(reason))"
    }
  }

  private static func firstLine(_ text: String) -> String {
    let line = String(text.prefix { $0 != "\n" }.prefix(300))
    return line.hasSuffix(ExitVerdict.tailMark) ? String(line.dropLast(ExitVerdict.tailMark.count)) : line
  }

  /// Whether the trial has an outcome, so that nobody needs its folder.
  static func isFinal(_ conclusion: Conclusion) -> Bool {
    switch conclusion {
    case .told(_, let state): state != "queued" && state != "running"
    case .pruned, .deleted: true
    case .refused, .stopped, .leaseLost, .released: false
    }
  }
}
