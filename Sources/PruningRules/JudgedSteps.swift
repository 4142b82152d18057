import SearchSpace

/// Which reports of a trial are judged: none below a step, and then the first of each interval.
struct JudgedSteps: Sendable {
  static let options: [ParameterDescription] = [
    .count("warmup_steps", from: 0, default: 0, "No trial is pruned below this step."),
    .count(
      "interval_steps", from: 1, default: 1,
      "A trial is judged once in this many steps: at its first report in each interval after the warm-up."),
  ]

  private let warmup: Int
  private let interval: Int

  init(_ context: PruningContext) {
    warmup = context.integer("warmup_steps") ?? 0
    interval = context.integer("interval_steps") ?? 1
  }

  /// Whether the report at a place is judged.
  func contains(_ place: Int, of curve: JudgedCurve) -> Bool {
    let step = curve.reports[place].step
    guard step >= warmup else { return false }
    guard place > 0, curve.reports[place - 1].step >= warmup else { return true }
    return (step - warmup) / interval > (curve.reports[place - 1].step - warmup) / interval
  }
}
