import Promises
import SearchSpace

/// Bayesian optimisation: a Gaussian process over the ranks of levels is fitted to all that is told, and the point that is
/// expected to improve most on the best one is tried next.
struct GaussianProcess: LearningMethod {
  static let description = AlgorithmDescription(
    AlgorithmFacts(
      name: "gaussian_process", version: 1,
      summary:
        "Fits a Gaussian process to all outcomes so far and tries the point whose expected improvement on the best "
        + "one is largest.",
      citation:
        "J. Snoek, H. Larochelle and R. P. Adams, Practical Bayesian optimization of machine learning algorithms, "
        + "Advances in Neural Information Processing Systems 25 (2012) 2951–2959.",
      options: []),
    repeatsPoints: false, coversSpace: true
  ) { HorizonSearch<GaussianProcess>($0) }

  /// The samples of parameters, with a digest of the told trials that they belong to.
  private struct Kept: Sendable {
    var chain: ProcessChain
    var digest: UInt64
  }

  /// The last choice, with digests of what it was made from.
  private struct Chosen: Sendable {
    var points: UInt64
    var outcomes: UInt64
    var choice: MethodChoice
  }

  static var isCheap: Bool { false }
  static let costsLittle = false
  /// How many points are told for idle workers.
  private static let mostLikely = 8

  private let seed: UInt64
  private let axes: ProcessAxes
  private let design: StartDesign
  /// Caches that copies of a search share. What is kept names the log that it belongs to, and serves that log or one that
  /// continues it alone: it decides nothing.
  private let chains = Locked<Kept?>(nil)
  private let choices = Locked<Chosen?>(nil)
  /// By number of told trials: a digest of their outcomes and points.
  private var outcomes: [UInt64]
  /// A digest of all points.
  private var points: UInt64

  init(_ context: AlgorithmContext, axes: AxisRanks) {
    seed = context.seed
    self.axes = ProcessAxes(axes)
    design = StartDesign(axes: axes, seed: context.seed)
    points = context.seed
    outcomes = [context.seed]
  }

  mutating func register(_ origin: Origin, in log: LearningLog) { admit(log) }

  mutating func admit(_ log: LearningLog) {
    points = Self.digest(points, log.ranks(of: log.count - 1).map(\.bitPattern))
  }

  mutating func learn(_ log: LearningLog) {
    let words = log.ranks(of: log.told - 1).map(\.bitPattern) + Self.words(of: log.outcomes[log.told - 1])
    outcomes.append(Self.digest(outcomes[log.told - 1], words))
  }

  func suggest(_ log: LearningLog) -> MethodChoice {
    if let last = choices.value, last.points == points, last.outcomes == outcomes[log.told], log.count > 0 {
      return last.choice
    }
    let choice = choose(log)
    choices.withLock { $0 = Chosen(points: points, outcomes: outcomes[log.told], choice: choice) }
    return choice
  }

  private func choose(_ log: LearningLog) -> MethodChoice {
    let own = log.suggested
    if own < StartDesign.size {
      return design.point(own, in: log).map { .point($0, Origin(kind: "start")) } ?? .exhausted(.spaceExhausted)
    }
    var stream = SearchStream(seed: seed, purpose: .processProposal, index: own)
    if log.told < 2 {
      return log.farPoint(&stream).map { .point($0, Origin(kind: "far")) } ?? .exhausted(.spaceExhausted)
    }
    let targets = ProcessTargets(log)
    let candidates = ProcessCandidates.points(near: targets.best(4), in: log, &stream)
    let chain = moved(to: log)
    guard let best = ProcessChoice(chain, axes, log, targets).best(of: candidates, &stream) else {
      return .exhausted(.spaceExhausted)
    }
    let origin = Origin(
      kind: "expected_improvement",
      ["predicted_difference": .real(best.mean - targets.best), "uncertainty": .real(best.deviation)])
    return .point(candidates[best.place], origin)
  }

  /// The best by the model as it is, the trials that run left out.
  func likely(_ log: LearningLog) -> [RankedPoint] {
    let own = log.suggested
    guard own >= StartDesign.size else { return design.rest(from: own, in: log) }
    guard log.told > 1 else { return [] }
    var stream = SearchStream(seed: seed, purpose: .processProposal, index: own)
    let targets = ProcessTargets(log)
    let candidates = ProcessCandidates.points(near: targets.best(4), in: log, &stream)
    return ProcessChoice(moved(to: log), axes, log, targets).ranking(of: candidates, Self.mostLikely, &stream).map {
      candidates[$0.place]
    }
  }

  /// The chain at the told trials of a log: the kept one, moved on, where it belongs to them and no fresh beginning came
  /// since.
  private func moved(to log: LearningLog) -> ProcessChain {
    // Taken out, so that it is changed without a copy.
    let kept = chains.withLock { kept in
      defer { kept = nil }
      return kept
    }
    var chain = ProcessChain(seed: seed, axes: axes, told: log.told)
    if let kept, kept.chain.told > chain.told, kept.chain.told <= log.told, outcomes[kept.chain.told] == kept.digest {
      chain = kept.chain
    }
    chain.advance(log)
    chains.withLock { $0 = Kept(chain: chain, digest: outcomes[log.told]) }
    return chain
  }

  private static func digest(_ before: UInt64, _ words: [UInt64]) -> UInt64 {
    KeyedGenerator(seed: before, key: words).integer(at: 0)
  }

  private static func words(of outcome: LearningLog.Outcome) -> [UInt64] {
    switch outcome {
    case .loss(let loss, let tie): [0, loss.bitPattern] + (tie.map { [$0.bitPattern] } ?? [])
    case .pruned(let loss): [1] + (loss.map { [$0.bitPattern] } ?? [])
    case .none: [2]
    }
  }
}
