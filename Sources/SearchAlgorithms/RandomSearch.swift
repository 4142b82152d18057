import SearchSpace

/// Points at random: without replacement on a grid, drawn over ranges.
struct RandomSearch: SearchAlgorithm {
  static let description = AlgorithmDescription(
    name: "random", version: 1,
    summary: "Points at random: on a grid each at most once, over ranges drawn evenly in their scale.",
    citation: "J. Bergstra and Y. Bengio, Random search for hyper-parameter optimization, Journal of Machine Learning "
      + "Research 13 (2012) 281–305.",
    options: [], usesBudget: false, needsGrid: false, coversGrid: false
  ) { RandomSearch(space: $0.space, seed: $0.seed) }

  private let order: PointOrder
  /// The points of the trials that were registered, kept only where places are drawn and could meet one again. Trials that
  /// were skipped are not among them: the caller that numbers trials refuses a point that one of them has, and then registers all.
  private var met: Set<PointFingerprint> = []

  init(space: ParameterSpace, seed: UInt64) {
    order = PointOrder(space: space, seed: seed, purpose: .random)
  }

  var needsHistory: Bool { false }
  var descents: [Descent]? { nil }

  func propose(_ number: Int) -> Proposal {
    let place = UInt64(number - 1)
    let point: Point
    if let count = order.count {
      guard place < count else { return .exhausted(.spaceExhausted) }
      point = order.point(at: place)
    } else {
      let drawn = (0..<PointOrder.mostTries).lazy.map { order.point(at: place, attempt: $0) }
      guard let new = drawn.first(where: { !met.contains(PointFingerprint($0)) }) else {
        return .exhausted(.spaceExhausted)
      }
      point = new
    }
    return .suggestion(Suggestion(point: point, horizon: 0, origin: Origin(kind: "random")))
  }

  mutating func register(_ number: Int, _ suggestion: Suggestion) {
    if order.count == nil { met.insert(PointFingerprint(suggestion.point)) }
  }

  mutating func observe(_ number: Int, _ outcome: ObservedOutcome) {}
  mutating func skip(to number: Int) {}
}
