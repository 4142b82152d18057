/// How a trial ended, as rules see it.
public enum JudgedOutcome: Sendable, Hashable, CaseIterable {
  /// It ran to its end.
  case completed
  /// A rule ended it early.
  case pruned
  /// It failed, or its point cannot be used: it teaches nothing.
  case unusable
}

/// Whether a trial shall continue.
public enum PruningVerdict: Sendable, Hashable {
  /// It shall continue.
  case goOn
  /// It shall end: the step and the value that were judged, and one sentence that says why.
  case prune(step: Int, value: Double, why: String)
}

/// When to end a trial early: pure, with no clock, no chance and no store.
///
/// A rule is fed the trials 1…h in order of their numbers, each once. Its verdict on a report is a function of them and of
/// the trial's own reports up to that one.
public protocol PruningRule: Sendable {
  /// Records the reports of the next trial and how it ended.
  mutating func observe(_ curve: JudgedCurve, outcome: JudgedOutcome)

  /// The verdict on the report at a place of a curve (from 0), by the reports up to it alone. O(log n) or near it.
  func verdict(on curve: JudgedCurve, at place: Int) -> PruningVerdict
}

extension PruningRule {
  /// The verdict on the last report; a curve without reports goes on.
  public func verdict(on curve: JudgedCurve) -> PruningVerdict {
    curve.reports.isEmpty ? .goOn : verdict(on: curve, at: curve.reports.count - 1)
  }

  /// The first verdict that ends the trial, the reports taken one by one; `goOn` where none does.
  public func firstVerdict(in curve: JudgedCurve) -> PruningVerdict {
    for place in curve.reports.indices {
      let verdict = verdict(on: curve, at: place)
      if verdict != .goOn { return verdict }
    }
    return .goOn
  }
}
