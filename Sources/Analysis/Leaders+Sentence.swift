extension Leaders {
  /// One plain sentence on what the comparison says.
  ///
  /// - Parameters:
  ///   - single: The first trial of a point that has a better value than all these and was run once; nil without one.
  ///   - hasTrials: Whether any point has a value.
  ///   - mayRepeat: Whether a trial can have several scores, because Cairn trains it.
  public func sentence(single: Int?, hasTrials: Bool, mayRepeat: Bool = true, scoring: Scoring) -> String {
    let advice = (mayRepeat ? "set validation.repeats to 2 or more, or " : "") + "ask for new runs with confirm"
    guard hasTrials else { return "No trial is completed yet, so there is nothing to compare." }
    guard let best = members.first?.trial else {
      return "Every point was run once, so nothing says how far chance moved its value; \(advice)."
    }
    guard compared > 1 else {
      return "Only the point of trial \(best) was run twice or more, so there is nothing to compare it with; "
        + "\(advice)."
    }
    return [verdict(best), onlyRuns(scoring), overtaken(single)].compactMap { $0 }.joined(separator: "; ") + "."
  }

  private func verdict(_ best: Int) -> String {
    let others = members.count - 1
    let rest = compared - 1
    if others == 0 {
      let p = largestApart.map { $0 < 0.001 ? "p < 0.001" : "p ≤ \(Self.rounded($0))" } ?? ""
      return "The point of trial \(best) is better than "
        + (rest == 1
          ? "the only other point that was run twice or more" : "each of the \(rest) others with two runs or more")
        + " (\(p), corrected)"
    }
    let who =
      others == rest
      ? (rest == 1 ? "the only other point" : "none of the \(rest) other points")
      : "\(others) of the \(rest) other points"
    let can = others == rest && rest > 1 ? "can" : "cannot"
    return "Of the points with two runs or more, \(who) \(can) be told apart from the best, that of trial \(best)"
  }

  /// What the tests do not see, where it matters.
  private func onlyRuns(_ scoring: Scoring) -> String? {
    guard scoring.isFraction, let examples = scoring.examples, examples < StudyWarning.fewExamples else { return nil }
    return "this allows for chance between runs, not for the choice of the same \(examples) examples that score all "
      + "points"
  }

  private func overtaken(_ single: Int?) -> String? {
    single.map { "the point of trial \($0) has a better value, but was run once and is not compared" }
  }

  /// Up, to three digits after the point.
  private static func rounded(_ p: Double) -> String {
    let thousandths = Int((p * 1000).rounded(.up))
    let digits = "\(thousandths)"
    return "0." + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}
