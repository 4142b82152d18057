import SearchSpace

/// Why a trial was tried, for people: which kind of step, and from where.
public struct Origin: Sendable, Hashable {
  /// The kind of step: `grid`, `random`, `start`, `poll`.
  public var kind: String
  /// The descent it belongs to, from 1.
  public var restart: Int?
  /// The trial number of the centre that was polled.
  public var centre: Int?
  /// The parameter that differs from the centre.
  public var axis: String?
  /// `down`, `up` or `other` (another category).
  public var direction: String?

  /// Makes an origin.
  public init(
    kind: String, restart: Int? = nil, centre: Int? = nil, axis: String? = nil, direction: String? = nil
  ) {
    self.kind = kind
    self.restart = restart
    self.centre = centre
    self.axis = axis
    self.direction = direction
  }
}

/// What an algorithm suggests for one trial number.
public struct Suggestion: Sendable, Hashable {
  /// The point to try.
  public var point: Point
  /// Which repetition of that point this is, from 0.
  public var replicate: Int
  /// The number of the last trial whose outcome this suggestion may depend on.
  public var horizon: Int
  /// Why it is tried.
  public var origin: Origin

  /// Makes a suggestion.
  public init(point: Point, replicate: Int = 0, horizon: Int, origin: Origin) {
    self.point = point
    self.replicate = replicate
    self.horizon = horizon
    self.origin = origin
  }
}

/// Why an algorithm has nothing more to try.
public enum Exhaustion: String, Sendable, Hashable {
  /// Every point of the space has a trial.
  case spaceExhausted = "space_exhausted"
  /// The last descent has ended.
  case converged
}

/// An algorithm's answer to "what is trial k?".
public enum Proposal: Sendable, Hashable {
  /// Trial k is this point.
  case suggestion(Suggestion)
  /// The outcome of this trial must be observed first.
  case awaits(Int)
  /// There is no trial k.
  case exhausted(Exhaustion)
}

/// The final outcome of a trial as an algorithm sees it.
public enum ObservedOutcome: Sendable, Hashable {
  /// The objective's value.
  case completed(value: Double)
  /// Stopped early because it was doing badly: its last measured value and the iteration of it, where they are known.
  case pruned(value: Double?, at: Int?)
  /// The point cannot be used.
  case infeasible
  /// Trying failed for good.
  case failed
}

/// One descent of a local search, as `GET …/restarts` lists it.
public struct Descent: Sendable, Hashable {
  /// From 1.
  public var restart: Int
  /// The trial numbers of its centres, the start first.
  public var path: [Int]
  /// The trial number of the best centre; nil while no centre is completed.
  public var optimum: Int?
  /// The optimum's value.
  public var value: Double?
  /// `local_optimum`, `no_feasible_neighbour`, or nil while it is in progress.
  public var stopReason: String?

  /// Makes a descent.
  public init(restart: Int, path: [Int], optimum: Int?, value: Double?, stopReason: String?) {
    self.restart = restart
    self.path = path
    self.optimum = optimum
    self.value = value
    self.stopReason = stopReason
  }
}

/// What an algorithm is made from.
public struct AlgorithmContext: Sendable {
  /// Where to search.
  public var space: ParameterSpace
  /// Every draw is a function of it and of what the draw is for.
  public var seed: UInt64
  /// Whether larger values are better.
  public var maximize: Bool
  /// The algorithm's own options by name, defaults filled in (`preset`, `restarts`).
  public var options: [String: ParameterValue]

  /// Makes a context.
  public init(space: ParameterSpace, seed: UInt64, maximize: Bool, options: [String: ParameterValue] = [:]) {
    self.space = space
    self.seed = seed
    self.maximize = maximize
    self.options = options
  }
}

/// What to try next: pure and seeded, with no clock and no store.
///
/// Trials are numbered from 1 and registered in that order without a hole. An outcome is observed only after
/// `propose` awaited it, once, and in any order that the algorithm asks for. Each call takes bounded work.
public protocol SearchAlgorithm: Sendable {
  /// The suggestion for trial `number`, which is the highest registered number + 1; has no side effect.
  func propose(_ number: Int) -> Proposal

  /// Records that trial `number` has this suggestion; numbers rise by one.
  mutating func register(_ number: Int, _ suggestion: Suggestion)

  /// Records the final outcome of a registered trial.
  mutating func observe(_ number: Int, _ outcome: ObservedOutcome)

  /// The descents so far, or nil for an algorithm without any.
  var descents: [Descent]? { get }

  /// Whether a rebuild needs all trials, not only how many there are (`skip(to:)`).
  ///
  /// One without history may suggest a point that a skipped trial has; it is then rebuilt from all trials.
  var needsHistory: Bool { get }

  /// For an algorithm without history: records that trials up to `number` are registered.
  mutating func skip(to number: Int)

  /// Points without a trial that it may soon suggest, the likeliest first, while it awaits an outcome. A guess: it decides
  /// nothing.
  var likely: [Point] { get }
}

extension SearchAlgorithm {
  /// None, for an algorithm that awaits nothing.
  public var likely: [Point] { [] }
}

/// What the catalogue says of one algorithm.
public struct AlgorithmDescription: Sendable {
  /// The name in definitions.
  public var name: String
  /// Raised whenever the same definition would get other suggestions.
  public var version: Int
  /// One or two sentences for a person.
  public var summary: String
  /// Where it comes from: authors, title, year, DOI.
  public var citation: String
  /// Its own options.
  public var options: [ParameterDescription]
  /// Whether the suggestions depend on the budget.
  public var usesBudget: Bool
  /// Whether every parameter must have a grid.
  public var needsGrid: Bool
  /// Whether a definition without a budget covers the whole grid.
  public var coversGrid: Bool
  /// Makes the algorithm.
  public var make: @Sendable (AlgorithmContext) -> any SearchAlgorithm

  /// Makes a description.
  public init(
    name: String, version: Int, summary: String, citation: String, options: [ParameterDescription],
    usesBudget: Bool, needsGrid: Bool, coversGrid: Bool,
    make: @escaping @Sendable (AlgorithmContext) -> any SearchAlgorithm
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.citation = citation
    self.options = options
    self.usesBudget = usesBudget
    self.needsGrid = needsGrid
    self.coversGrid = coversGrid
    self.make = make
  }
}
