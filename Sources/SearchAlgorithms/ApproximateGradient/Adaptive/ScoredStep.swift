/// The candidates of one suggestion with what the models say of them.
struct ScoredStep: Sendable {
  /// What is said of one candidate, on the scale of flattened losses.
  struct Prediction: Sendable {
    /// The loss that is expected.
    let mean: Double
    /// How uncertain that is: a standard deviation.
    let deviation: Double
    /// What the candidates are compared by: the smallest is tried.
    let score: Double
  }

  /// Where the suggestion belongs.
  let mark: StepMark
  /// The trial at the centre.
  let centre: Int
  /// The candidates, at least one.
  let points: [RankedPoint]
  /// By candidate.
  let predictions: [Prediction]
  /// By ordered axis, the slope of the flattened loss for each rank.
  let gradient: [Double]
  /// The scale of flattened losses.
  let flattening: Flattening

  /// The place of the best candidate; of equal ones the first.
  var bestPlace: Int {
    var best = 0
    for place in predictions.indices.dropFirst() where predictions[place].score < predictions[best].score {
      best = place
    }
    return best
  }

  /// The best candidate.
  var best: RankedPoint { points[bestPlace] }

  /// The best candidates in order.
  func ranking(_ count: Int) -> [RankedPoint] {
    points.indices.sorted { (predictions[$0].score, $0) < (predictions[$1].score, $1) }.prefix(count).map { points[$0] }
  }
}
