import SearchSpace

/// The candidates of one suggestion with what the surrogate says of them.
struct SurrogateChoice: Sendable {
  /// Figures for people have this many digits.
  private static let digits = 4

  /// The candidates, at least one.
  let points: [RankedPoint]
  /// By candidate: the surrogate's value, and the distance to the nearest point with a trial.
  let answers: [(value: Double, distance: Double)]
  /// What the surrogate's value weighs against the distance, from 0 to 1.
  let weight: Double
  /// The places of the best candidates, the best first.
  let order: [Int]
  /// The trial that candidates lie around.
  let centre: Int
  /// How far: a standard deviation, as a share of an axis.
  let size: Double
  /// What the surrogate passes by.
  let losses: Flattening

  /// Centre, step, weight, the difference from the centre's value that is expected, in the metric's unit, and the distance.
  func origin(in log: LearningLog) -> Origin {
    let best = answers[order[0]]
    // y = b + s (eᶻ − 1); a surrogate may promise less than b.
    let difference =
      losses.spread * (PlainMath.exp(min(best.value, 700)) - PlainMath.exp(min(losses.values[centre], 700)))
    return Origin(
      kind: "surrogate",
      [
        "centre": .integer(log.number(of: centre)), "step": .real(size), "weight": .real(weight),
        "predicted_difference": .real(((log.maximize ? -1 : 1) * difference).rounded(digits: Self.digits)),
        "distance": .real(best.distance.rounded(digits: Self.digits)),
      ])
  }
}
