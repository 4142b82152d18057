import SearchSpace

/// Asynchronous successive halving: at rungs that lie a factor η apart, only the best 1/η of all that came there go on.
///
/// The trials of a rung are those up to the horizon, so that a verdict does not depend on which of them happened to arrive.
struct HalvingRule: PruningRule {
  static let description = PruningDescription(
    PruningFacts(
      name: "successive_halving", version: 1,
      summary: "Judges a trial only at rungs, steps that lie a factor of `eta` apart, and prunes it unless it is among "
        + "the best 1/`eta` of all trials that have reached the rung.",
      citation: "L. Li, K. Jamieson, A. Rostamizadeh, E. Gonina, J. Ben-tzur, M. Hardt, B. Recht and A. Talwalkar, A "
        + "system for massively parallel hyperparameter tuning, MLSys 2020. arXiv:1810.05934",
      options: [
        .count(
          "minimum_step", from: 1, default: nil,
          "The step of the first rung; if left out, the last step of the first completed trial divided by eta squared."),
        .count(
          "eta", from: 2, default: 4, "Rungs lie this factor apart, and one trial in this many continues from each."),
        .count(
          "minimum_trials", from: 1, default: 5,
          "A trial is judged at a rung that at least this many other trials have reached."),
      ])
  ) { HalvingRule($0) }

  private let maximize: Bool
  private let eta: Int
  private let minimumTrials: Int
  /// The step of the first rung; nil until it is known.
  private var first: Int?
  /// The costs of all that came to a rung, the lowest rung first.
  private var rungs: [RankedValues] = []

  init(_ context: PruningContext) {
    maximize = context.maximize
    eta = context.integer("eta") ?? 4
    minimumTrials = context.integer("minimum_trials") ?? 5
    first = context.integer("minimum_step")
  }

  mutating func observe(_ curve: JudgedCurve, outcome: JudgedOutcome) {
    guard outcome != .unusable, let last = curve.reports.last else { return }
    if first == nil, outcome == .completed { first = max(1, last.step / eta / eta) }
    for place in curve.reports.indices {
      for (rung, _) in passed(at: place, of: curve) {
        while rungs.count <= rung { rungs.append(RankedValues()) }
        rungs[rung].insert(cost(curve.reports[place].value))
      }
    }
  }

  func verdict(on curve: JudgedCurve, at place: Int) -> PruningVerdict {
    let report = curve.reports[place]
    for (rung, step) in passed(at: place, of: curve) where rung < rungs.count {
      let others = rungs[rung].count
      let kept = (others + 1) / eta
      guard others >= minimumTrials, kept > 0 else { continue }
      let better = rungs[rung].count(below: cost(report.value))
      guard better >= kept else { continue }
      return .prune(
        step: report.step, value: report.value,
        why:
          "Its value at step \(report.step), on the rung of step \(step), is \(report.value); \(better) of \(others) "
          + "other trials were better there, and only the best \(kept) continue.")
    }
    return .goOn
  }

  private func cost(_ value: Double) -> Double { maximize ? -value : value }

  /// The rungs that a report is the first to reach, each with its step.
  private func passed(at place: Int, of curve: JudgedCurve) -> [(rung: Int, step: Int)] {
    guard let first else { return [] }
    let before = place > 0 ? curve.reports[place - 1].step : .min
    var passed: [(rung: Int, step: Int)] = []
    var (rung, step) = (0, first)
    while step <= curve.reports[place].step {
      if step > before { passed.append((rung, step)) }
      let (next, overflow) = step.multipliedReportingOverflow(by: eta)
      if overflow { break }
      (rung, step) = (rung + 1, next)
    }
    return passed
  }
}
