import SearchSpace

/// Ends a trial whose value leaves the bounds that a person gave.
struct ThresholdRule: PruningRule {
  static let description = PruningDescription(
    PruningFacts(
      name: "threshold", version: 1,
      summary: "Prunes a trial at a step where its value is below `lower` or above `upper`, whatever other trials did.",
      citation: "T. Akiba, S. Sano, T. Yanase, T. Ohta and M. Koyama, Optuna: A next-generation hyperparameter "
        + "optimization framework, KDD 2019, 2623–2631. doi:10.1145/3292500.3330701",
      options: [
        .number("lower", default: nil, "A value below it prunes the trial."),
        .number("upper", default: nil, "A value above it prunes the trial."),
      ] + JudgedSteps.options,
      needsOneOf: ["lower", "upper"], ascending: AscendingOptions("lower", "upper"))
  ) { ThresholdRule($0) }

  private let lower: Double
  private let upper: Double
  private let steps: JudgedSteps

  init(_ context: PruningContext) {
    lower = context.number("lower") ?? -.infinity
    upper = context.number("upper") ?? .infinity
    steps = JudgedSteps(context)
  }

  mutating func observe(_ curve: JudgedCurve, outcome: JudgedOutcome) {}

  func verdict(on curve: JudgedCurve, at place: Int) -> PruningVerdict {
    let report = curve.reports[place]
    guard steps.contains(place, of: curve), report.value < lower || report.value > upper else { return .goOn }
    let bound = report.value < lower ? "below \(lower)" : "above \(upper)"
    return .prune(
      step: report.step, value: report.value, why: "Its value at step \(report.step) is \(report.value), \(bound).")
  }
}
