import SearchSpace

/// What a search that learns from every trial says of the next one.
enum MethodChoice: Sendable {
  /// This point, and why.
  case point(RankedPoint, Origin)
  /// There is nothing more to try.
  case exhausted(Exhaustion)
}

/// A search that learns from every trial, as a function of its log; `HorizonSearch` makes an algorithm of it.
///
/// What `register` and `learn` keep is a cache of the log's points and outcomes: nothing else may decide.
protocol LearningMethod: Sendable {
  /// Makes the method; the log's axes are given so that both have the same.
  init(_ context: AlgorithmContext, axes: AxisRanks)

  /// The next trial, a function of the log alone: the points of all trials, the outcomes of the first `log.told`.
  func suggest(_ log: LearningLog) -> MethodChoice

  /// The last trial of the log was handed out, for the reason given.
  mutating func register(_ origin: Origin, in log: LearningLog)

  /// The last trial of the log is of a point that the search did not choose.
  mutating func admit(_ log: LearningLog)

  /// The outcome of trial `log.told − 1` was added; called once for each, in order.
  mutating func learn(_ log: LearningLog)

  /// Whether a suggestion costs so little that some may be made only to see what an outcome would lead to.
  static var costsLittle: Bool { get }

  /// Points that it may suggest soon, while outcomes are awaited, the likeliest first; a guess.
  func likely(_ log: LearningLog) -> [RankedPoint]
}

extension LearningMethod {
  /// Nothing to keep.
  mutating func register(_ origin: Origin, in log: LearningLog) {}
  /// Nothing to keep.
  mutating func admit(_ log: LearningLog) {}
  /// Nothing to keep.
  mutating func learn(_ log: LearningLog) {}
  /// True.
  static var costsLittle: Bool { true }
  /// None.
  func likely(_ log: LearningLog) -> [RankedPoint] { [] }
}

/// A method that goes along descents, each from a start of its own.
protocol DescendingMethod: LearningMethod {
  /// The descents so far, the one in progress last.
  func descents(_ log: LearningLog) -> [Descent]
}

/// A search that learns from every trial: suggestion k is made from the outcomes of trials 1 to h(k), where
/// h(k) = max(h(k − 1), k − `parallelism`, 0).
///
/// It asks for outcomes in order of number, and no further than to the horizon: so the log that the method sees is the same
/// in every run.
struct HorizonSearch<Method: LearningMethod>: LearningSearch {
  private(set) var method: Method
  private(set) var log: LearningLog
  private var parallelism: Int

  /// Makes the search.
  init(_ context: AlgorithmContext) {
    let axes = AxisRanks(context.space)
    method = Method(context, axes: axes)
    log = LearningLog(axes: axes, maximize: context.maximize)
    parallelism = max(context.parallelism, 1)
    for prior in context.prior {
      log.begin(with: prior)
      method.admit(log)
      method.learn(log)
    }
  }

  func propose(_ number: Int) -> Proposal {
    // What was observed is the horizon of the trial before.
    let horizon = max(told, number - parallelism)
    if told < horizon { return .awaits(told + 1) }
    if log.isExhausted { return .exhausted(.spaceExhausted) }
    switch method.suggest(log) {
    case .point(let point, let origin):
      return .suggestion(Suggestion(point: log.axes.point(of: point), horizon: horizon, origin: origin))
    case .exhausted(let reason): return .exhausted(reason)
    }
  }

  mutating func register(_ number: Int, _ suggestion: Suggestion) {
    precondition(log.number(of: log.count) == number, "trials are registered in order")
    log.register(suggestion.point)
    method.register(suggestion.origin, in: log)
  }

  mutating func admit(_ number: Int, _ point: Point) {
    precondition(log.number(of: log.count) == number, "trials are registered in order")
    log.admit(point)
    method.admit(log)
  }

  /// The number up to which outcomes are known.
  private var told: Int { log.told - log.prior }

  mutating func observe(_ number: Int, _ outcome: ObservedOutcome) {
    precondition(number == told + 1, "outcomes are observed in order")
    log.observe(outcome)
    method.learn(log)
  }

  mutating func setParallelism(_ parallelism: Int) { self.parallelism = max(parallelism, 1) }

  /// First what it would suggest if the trial that it awaits had one of some losses; then what the method guesses.
  func likely(_ guess: Int) -> [Point]? {
    guard log.told < log.count else { return nil }
    let losses = Method.costsLittle ? log.typicalLosses : []
    if guess == losses.count { return method.likely(log).map(log.axes.point(of:)) }
    guard guess < losses.count else { return nil }
    var later = self
    later.log.observe(.completed(value: log.maximize ? -losses[guess] : losses[guess]))
    later.method.learn(later.log)
    guard case .point(let point, _) = later.method.suggest(later.log) else { return [] }
    return [log.axes.point(of: point)]
  }
}

extension LearningLog {
  /// Losses that a trial may have, the likeliest first: the median of those told, one near the best, one near the worst, and
  /// one that is better than all. None where nothing completed.
  fileprivate var typicalLosses: [Double] {
    guard let best = sortedLosses.first else { return [] }
    let (few, middle, most) = (quantile(0.05), quantile(0.5), quantile(0.9))
    return [middle, few, most, best - 0.1 * (middle - best)]
  }

  private func quantile(_ share: Double) -> Double { sortedLosses[Int(share * Double(sortedLosses.count))] }
}

extension HorizonSearch: DescendingSearch where Method: DescendingMethod {
  var descents: [Descent] { method.descents(log) }
}
