import SearchSpace

/// Ends a trial whose best value is worse than the median of what completed trials had on average.
struct MedianRule: PruningRule {
  static let description = PruningDescription(
    PruningFacts(
      name: "median", version: 1,
      summary: "Prunes a trial at a step where its best value so far is worse than the median of the completed trials' "
        + "running averages up to that step.",
      citation: "D. Golovin, B. Solnik, S. Moitra, G. Kochanski, J. Karro and D. Sculley, Google Vizier: A service for "
        + "black-box optimization, KDD 2017, 1487–1495, section 3.2. doi:10.1145/3097983.3098043",
      options: [StepStatistics.minimumTrials] + JudgedSteps.options)
  ) { MedianRule($0) }

  private let maximize: Bool
  private let steps: JudgedSteps
  private var averages: StepStatistics

  init(_ context: PruningContext) {
    maximize = context.maximize
    steps = JudgedSteps(context)
    averages = StepStatistics(context)
  }

  mutating func observe(_ curve: JudgedCurve, outcome: JudgedOutcome) {
    guard outcome == .completed else { return }
    for report in curve.reports { averages.add(maximize ? -report.mean : report.mean, at: report.step) }
  }

  func verdict(on curve: JudgedCurve, at place: Int) -> PruningVerdict {
    let report = curve.reports[place]
    guard steps.contains(place, of: curve), let median = averages.quantile(0.5, at: report.step) else { return .goOn }
    let best = report.best(maximize: maximize)
    guard (maximize ? -best : best) > median.cost else { return .goOn }
    let bound = maximize ? -median.cost : median.cost
    return .prune(
      step: report.step, value: report.value,
      why:
        "Its best value up to step \(report.step) is \(best), which is worse than \(bound), the median of the running "
        + "averages of \(median.trials) completed trials.")
  }
}
