import SearchSpace

/// Tree-structured Parzen estimator, over all parameters together.
///
/// Two densities are estimated: l from the best trials, g from all others. Of some draws from l the one with the largest
/// l / g is tried, which is where the expected improvement is largest (Bergstra 2011, section 4).
struct ParzenEstimator: LearningMethod {
  static let description = AlgorithmDescription(
    AlgorithmFacts(
      name: "tpe", version: 1,
      summary:
        "Estimates where good trials lie and where the others do, over all parameters together, and tries what is "
        + "likely under the first and unlikely under the second.",
      citation:
        "J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, Algorithms for hyper-parameter optimization, NIPS 2011; "
        + "over all parameters together as in S. Falkner, A. Klein and F. Hutter, BOHB, ICML 2018, arXiv:1807.01774.",
      options: [
        ParameterDescription(
          name: "good_share",
          kind: .real(minimum: 0, maximum: 1, minimumExclusive: true, maximumExclusive: true),
          defaultValue: .real(0.15), help: "Which share of the trials are the good ones.", tunable: false),
        ParameterDescription(
          name: "candidates", kind: .integer(minimum: 1, maximum: 10_000), defaultValue: .integer(64),
          help: "How many draws from the density of the good trials are compared for each trial.", tunable: false),
      ]),
    repeatsPoints: false, coversSpace: true
  ) { HorizonSearch<ParzenEstimator>($0) }

  /// Draws are made from the good trials' density with its bandwidths this many times as wide (Falkner 2018, section 4).
  private static let widening = 3.0
  /// How many points are told for idle workers.
  private static let mostLikely = 8

  private let seed: UInt64
  private let goodShare: Double
  private let candidates: Int
  private let design: StartDesign

  init(_ context: AlgorithmContext, axes: AxisRanks) {
    seed = context.seed
    goodShare = context.options["good_share"]?.number ?? 0.15
    candidates = Int(context.options["candidates"]?.number ?? 64)
    design = StartDesign(axes: axes, seed: seed)
  }

  /// The best by the densities as they are, where what runs is among the others.
  func likely(_ log: LearningLog) -> [RankedPoint] {
    let number = log.suggested
    guard number >= StartDesign.size else { return design.rest(from: number, in: log) }
    guard log.told > 1 else { return [] }
    var stream = SearchStream(seed: seed, purpose: .parzenProposal, index: number)
    let drawn = draws(log, &stream).points
    return drawn.indices.sorted { (-drawn[$0].ratio, $0) < (-drawn[$1].ratio, $1) }.prefix(Self.mostLikely).map {
      drawn[$0].point
    }
  }

  func suggest(_ log: LearningLog) -> MethodChoice {
    let number = log.suggested
    if number < StartDesign.size { return choice(design.point(number, in: log), "start") }
    var stream = SearchStream(seed: seed, purpose: .parzenProposal, index: number)
    if log.told < 2 { return choice(log.farPoint(&stream), "start") }
    let (points, good) = draws(log, &stream)
    var best: (point: RankedPoint, ratio: Double)?
    for drawn in points where best.map({ drawn.ratio > $0.ratio }) ?? true { best = drawn }
    guard let best else { return choice(log.unseenPoint(&stream), "random") }
    return .point(
      best.point, Origin(kind: "likely", ["good": .integer(good), "density_ratio": .real(best.ratio)]))
  }

  /// The draws without a trial, each with l / g at it, and how many trials are good.
  private func draws(
    _ log: LearningLog, _ stream: inout SearchStream
  ) -> (points: [(point: RankedPoint, ratio: Double)], good: Int) {
    let (good, others) = divided(log)
    let likely = ParzenDensity(good, of: log)
    let unlikely = ParzenDensity(others, of: log)
    let wide = ParzenDensity(good, of: log, widening: Self.widening)
    var drawn: [(point: RankedPoint, ratio: Double)] = []
    for _ in 0..<candidates {
      let point = wide.draw(&stream)
      if !log.hasSeen(point) { drawn.append((point, likely(point) / unlikely(point))) }
    }
    return (drawn, good.count)
  }

  /// The trials by loss, of equal ones the first first: the best share, at least one, and the others, at least one. Those
  /// whose outcome is not known yet are among the others, so that the next suggestion goes elsewhere.
  private func divided(_ log: LearningLog) -> (good: [Int], others: [Int]) {
    let losses = log.modelLosses
    let order = losses.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }
    let count = max(1, min(Int((goodShare * Double(order.count)).rounded(.up)), order.count - 1))
    return (Array(order[..<count]), Array(order[count...]) + Array(log.told..<log.count))
  }

  /// A point that no density has chosen; nil where none is left.
  private func choice(_ point: RankedPoint?, _ kind: String) -> MethodChoice {
    point.map { .point($0, Origin(kind: kind)) } ?? .exhausted(.spaceExhausted)
  }
}
