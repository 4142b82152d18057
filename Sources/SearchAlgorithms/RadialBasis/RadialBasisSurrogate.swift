import Promises
import SearchSpace

/// A cubic radial basis function is laid through all outcomes. Of points around the best one, that is tried which has the
/// best mix of a small value and a large distance to what is known (Ilievski 2017).
struct RadialBasisSurrogate: LearningMethod {
  static let description = AlgorithmDescription(
    AlgorithmFacts(
      name: "rbf_surrogate", version: 1,
      summary:
        "Lays a cubic radial basis function with a linear tail through all outcomes, and tries the point around the "
        + "best one where it is low and nothing near has been tried; the two weigh differently in turn.",
      citation:
        "I. Ilievski, T. Akhtar, J. Feng and C. A. Shoemaker, Efficient hyperparameter optimization of deep learning "
        + "algorithms using deterministic RBF surrogates, AAAI 2017, arXiv:1607.08316; candidates as in R. G. Regis and "
        + "C. A. Shoemaker, Combining radial basis function surrogates and dynamic coordinate search, Engineering "
        + "Optimization 45 (2013) 529–555, doi:10.1080/0305215X.2012.687731.",
      options: [], usesBudget: true),
    repeatsPoints: false, coversSpace: true
  ) { HorizonSearch<RadialBasisSurrogate>($0) }

  /// How many steps are planned where no budget bounds them.
  private static let usualSteps = 200
  /// How many points are named that it may soon suggest.
  private static let mostLikely = 8

  private let seed: UInt64
  private let steps: Int
  /// How many parameters have more than one value.
  private let parameters: Int
  private let axes: SurrogateAxes
  private let design: StartDesign
  /// Moves on with each outcome.
  private var step: CandidateStep
  /// A cache that copies of a search share: it serves whichever points begin as its own do, so it decides nothing.
  private let kept = Locked<CubicSurrogate?>(nil)

  init(_ context: AlgorithmContext, axes: AxisRanks) {
    seed = context.seed
    steps = max(0, (context.budget ?? Self.usualSteps) - StartDesign.size)
    parameters = axes.axes.count { $0.last > 0 }
    self.axes = SurrogateAxes(axes)
    design = StartDesign(axes: axes, seed: seed)
    step = CandidateStep(parameters: parameters)
  }

  mutating func learn(_ log: LearningLog) {
    let trial = log.told - 1
    step.learn(log.loss(of: trial), isStart: trial < StartDesign.size)
  }

  func suggest(_ log: LearningLog) -> MethodChoice {
    switch plan(log) {
    case .start(let point?, let kind): .point(point, Origin(kind: kind))
    case .start(nil, _): .exhausted(.spaceExhausted)
    case .step(let choice): .point(choice.points[choice.order[0]], choice.origin(in: log))
    }
  }

  /// The best by the surrogate as it is.
  func likely(_ log: LearningLog) -> [RankedPoint] {
    if log.suggested < StartDesign.size { return design.rest(from: log.suggested, in: log) }
    return switch plan(log) {
    case .start(let point, _): point.map { [$0] } ?? []
    case .step(let choice): choice.order.map { choice.points[$0] }
    }
  }

  /// What the next trial is.
  private enum Plan {
    case start(RankedPoint?, kind: String)
    case step(SurrogateChoice)
  }

  private func plan(_ log: LearningLog) -> Plan {
    let own = log.suggested
    if own < StartDesign.size { return .start(design.point(own, in: log), kind: "start") }
    var stream = SearchStream(seed: seed, purpose: .surrogateProposal, index: own)
    if log.told < 2 { return .start(log.farPoint(&stream), kind: "far") }
    let losses = Flattening(log)
    let centre = best(losses, in: log)
    let probability = CandidateStep.probability(
      parameters: parameters, after: own - StartDesign.size, of: steps)
    let points = SurrogateCandidates.points(
      around: log.point(of: centre), size: step.size, probability: probability, in: log, &stream)
    if points.isEmpty { return .start(nil, kind: "far") }
    let pending = (log.told..<log.count).map { axes.coordinates(of: log.ranks(of: $0)) }
    let answers = function(through: losses, in: log)(
      points.map { axes.coordinates(of: $0.ranks) }, others: pending)
    let weight = SurrogateScores.weights[own % SurrogateScores.weights.count]
    return .step(
      SurrogateChoice(
        points: points, answers: answers, weight: weight,
        order: SurrogateScores(answers, weight: weight).best(Self.mostLikely),
        centre: centre, size: step.size, losses: losses))
  }

  /// The completed trial with the least flattened loss, of equal ones the first; the first trial where none completed.
  private func best(_ losses: Flattening, in log: LearningLog) -> Int {
    (0..<log.told).filter { log.loss(of: $0) != nil }.min { (losses.values[$0], $0) < (losses.values[$1], $1) } ?? 0
  }

  /// The function through the flattened losses of the trials that the surrogate knows.
  private func function(through losses: Flattening, in log: LearningLog) -> CubicFunction {
    let known = TrialSelection.known(log, seed: seed) { Flattening($0).values }
    // Taken out, so that it is changed without a copy.
    let own = kept.withLock { kept in
      defer { kept = nil }
      return kept
    }
    var surrogate = own ?? CubicSurrogate(dimension: axes.dimension)
    surrogate.become(known.map { axes.coordinates(of: log.ranks(of: $0)) })
    kept.withLock { $0 = surrogate }
    return surrogate.fitted(to: known.map { losses.values[$0] })
  }
}
