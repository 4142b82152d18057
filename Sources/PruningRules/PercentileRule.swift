import SearchSpace

/// Ends a trial whose best value is not among the best part of what completed trials had at the same step.
struct PercentileRule: PruningRule {
  static let description = PruningDescription(
    PruningFacts(
      name: "percentile", version: 1,
      summary:
        "Prunes a trial at a step where its best value so far is worse than the best `percentile` percent of the "
        + "completed trials' values at that step.",
      citation: "T. Akiba, S. Sano, T. Yanase, T. Ohta and M. Koyama, Optuna: A next-generation hyperparameter "
        + "optimization framework, KDD 2019, 2623–2631. doi:10.1145/3292500.3330701",
      options: [
        .number(
          "percentile", from: 0, to: 100, default: 50,
          "The share of completed trials, in percent, that a trial must be as good as: 25 keeps what is among the best "
            + "quarter."),
        StepStatistics.minimumTrials,
      ] + JudgedSteps.options)
  ) { PercentileRule($0) }

  private let maximize: Bool
  private let percentile: Double
  private let steps: JudgedSteps
  private var values: StepStatistics

  init(_ context: PruningContext) {
    maximize = context.maximize
    percentile = context.number("percentile") ?? 50
    steps = JudgedSteps(context)
    values = StepStatistics(context)
  }

  mutating func observe(_ curve: JudgedCurve, outcome: JudgedOutcome) {
    guard outcome == .completed else { return }
    for report in curve.reports { values.add(maximize ? -report.value : report.value, at: report.step) }
  }

  func verdict(on curve: JudgedCurve, at place: Int) -> PruningVerdict {
    let report = curve.reports[place]
    guard steps.contains(place, of: curve), let bound = values.quantile(percentile / 100, at: report.step) else {
      return .goOn
    }
    let best = report.best(maximize: maximize)
    guard (maximize ? -best : best) > bound.cost else { return .goOn }
    return .prune(
      step: report.step, value: report.value,
      why:
        "Its best value up to step \(report.step) is \(best), which is worse than \(maximize ? -bound.cost : bound.cost), "
        + "the bound of the best \(percentile) % of \(bound.trials) completed trials there.")
  }
}
