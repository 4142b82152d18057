import SearchSpace

/// What completed trials had at each step, turned so that smaller is better.
struct StepStatistics: Sendable {
  static let minimumTrials = ParameterDescription.count(
    "minimum_trials", from: 1, default: 5,
    "A trial is judged at a step that at least this many completed trials have reported.")

  private let minimum: Int
  private var values: [Int: RankedValues] = [:]

  init(_ context: PruningContext) { minimum = context.integer("minimum_trials") ?? 5 }

  /// Adds the cost that a completed trial had at a step.
  mutating func add(_ cost: Double, at step: Int) { values[step, default: RankedValues()].insert(cost) }

  /// The quantile of the costs at a step, and of how many trials; nil where too few have reported there.
  func quantile(_ share: Double, at step: Int) -> (cost: Double, trials: Int)? {
    guard let known = values[step], known.count >= minimum, let cost = known.quantile(share) else { return nil }
    return (cost, known.count)
  }
}
