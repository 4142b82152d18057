import SearchSpace

/// Ends a trial that has become worse than it was, and stays so.
struct PatienceRule: PruningRule {
  static let description = PruningDescription(
    PruningFacts(
      name: "patience", version: 1,
      summary: "Prunes a trial whose last `patience` reports are all worse than its best value before them, whatever "
        + "other trials did; a trial that keeps its best value is not pruned.",
      citation:
        "L. Prechelt, Early stopping – but when?, in: Neural Networks: Tricks of the Trade, Springer 1998, 55–69. "
        + "doi:10.1007/3-540-49430-8_3",
      options: [
        .count("patience", from: 1, default: 20, "How many reports in a row must be worse than the best before them."),
        .number(
          "minimum_delta", from: 0, default: 0,
          "By how much more than this a report must be worse than the best before, to count as worse."),
        .count("warmup_steps", from: 0, default: 0, "No trial is pruned below this step."),
      ])
  ) { PatienceRule($0) }

  private let maximize: Bool
  private let patience: Int
  private let delta: Double
  private let warmup: Int

  init(_ context: PruningContext) {
    maximize = context.maximize
    patience = context.integer("patience") ?? 20
    delta = context.number("minimum_delta") ?? 0
    warmup = context.integer("warmup_steps") ?? 0
  }

  mutating func observe(_ curve: JudgedCurve, outcome: JudgedOutcome) {}

  /// O(`patience`).
  func verdict(on curve: JudgedCurve, at place: Int) -> PruningVerdict {
    let report = curve.reports[place]
    guard place >= patience, report.step >= warmup else { return .goOn }
    let best = curve.reports[place - patience].best(maximize: maximize)
    let isWorse = curve.reports[(place - patience + 1)...place].allSatisfy {
      (maximize ? best - $0.value : $0.value - best) > delta
    }
    guard isWorse else { return .goOn }
    return .prune(
      step: report.step, value: report.value,
      why: "Its last \(patience) reports, up to step \(report.step), are all worse than its best value before, \(best)."
    )
  }
}
