import SearchSpace

/// Points at random: without replacement on a grid, drawn over ranges.
struct RandomSearch: CountedSearch {
  static let description = AlgorithmDescription(
    AlgorithmFacts(
      name: "random", version: 1,
      summary: "Points at random: on a grid each at most once, over ranges drawn evenly in their scale.",
      citation: "J. Bergstra and Y. Bengio, Random search for hyper-parameter optimization, Journal of Machine "
        + "Learning Research 13 (2012) 281–305.",
      options: []),
    repeatsPoints: false, coversSpace: true
  ) { RandomSearch(space: $0.space, seed: $0.seed) }

  static let kind = "random"
  private let order: PointOrder
  /// The points of the trials that were registered, kept only where places are drawn and could meet one again. Trials that
  /// were skipped are not among them: a caller that numbers trials refuses a point that one of them has, and then registers
  /// all.
  private var met: Set<PointFingerprint> = []

  init(space: ParameterSpace, seed: UInt64) {
    order = PointOrder(space: space, seed: seed, purpose: .random)
  }

  func point(_ number: Int) -> Point? {
    let place = UInt64(number - 1)
    if let count = order.count { return place < count ? order.point(at: place) : nil }
    return (0..<PointOrder.mostTries).lazy.map { order.point(at: place, attempt: $0) }
      .first { !met.contains(PointFingerprint($0)) }
  }

  mutating func register(_ number: Int, _ suggestion: Suggestion) { admit(number, suggestion.point) }

  mutating func admit(_ number: Int, _ point: Point) {
    if order.count == nil { met.insert(PointFingerprint(point)) }
  }
}
