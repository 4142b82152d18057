import SearchSpace

/// Why there is nothing more to try.
public enum Exhaustion: Sendable, Hashable {
  /// Every point of the space has a trial.
  case spaceExhausted
  /// The last descent has ended.
  case converged
  /// Every configuration has been through its rungs.
  case rungsDecided
  /// New runs have told the leaders apart, or shown that they are alike.
  case confirmed
  /// All new runs of the leaders were made, and could not tell them apart.
  case undecided
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

/// A point that was tried before the study, and what came of it.
public struct PriorPoint: Sendable, Hashable {
  /// The point; a number may lie between two levels.
  public var point: Point
  /// What came of it.
  public var outcome: ObservedOutcome

  /// Makes one.
  public init(_ point: Point, _ outcome: ObservedOutcome) {
    self.point = point
    self.outcome = outcome
  }
}

/// The final outcome of a trial as an algorithm sees it.
public enum ObservedOutcome: Sendable, Hashable {
  /// The objective's value, and what decides between equal ones: smaller is better, whatever the study's goals are; nil
  /// where the study has no tie-break, or the trial has no value of it.
  case completed(value: Double, tieBreak: Double? = nil)
  /// Stopped early because it was doing badly: its last measured value and the iteration of it, where they are known.
  case pruned(value: Double?, at: Int?)
  /// The point cannot be used.
  case infeasible
  /// Trying failed for good.
  case failed
}

/// What to try next: pure and seeded, with no clock and no store.
///
/// Trials are numbered from 1, and registered or admitted in that order without a hole. An outcome is observed only after
/// `propose` awaited it, once, and in any order that the algorithm asks for. Each call takes bounded work. An algorithm is
/// a `CountedSearch` or a `LearningSearch`.
public protocol SearchAlgorithm: Sendable {
  /// The suggestion for trial `number`, which is the highest registered number + 1; has no side effect.
  func propose(_ number: Int) -> Proposal

  /// Records that trial `number` has this suggestion; numbers rise by one.
  mutating func register(_ number: Int, _ suggestion: Suggestion)

  /// Records that trial `number` tries a point that a person asked for; numbers rise by one.
  mutating func admit(_ number: Int, _ point: Point)

  /// Records the final outcome of a registered trial.
  mutating func observe(_ number: Int, _ outcome: ObservedOutcome)
}

/// A search that learns from outcomes: a rebuild needs all trials, in order, each with the outcomes up to its horizon.
public protocol LearningSearch: SearchAlgorithm {
  /// Points without a trial that it may soon suggest while it awaits an outcome, the likeliest first, by one guess of how
  /// that turns out; `guess` counts from 0, the likeliest, and nil says that there are no more guesses. Decides nothing.
  func likely(_ guess: Int) -> [Point]?

  /// From the next number on, suggestion k may lack the outcomes after k − `parallelism`. Called before the algorithm is shown
  /// any outcome beyond the horizon of the last number.
  mutating func setParallelism(_ parallelism: Int)
}

extension LearningSearch {
  /// Nothing: its horizons do not depend on it.
  public mutating func setParallelism(_ parallelism: Int) {}

  /// None.
  public func likely(_ guess: Int) -> [Point]? { nil }

  /// The points of all guesses, each once, the likeliest first.
  public var likely: [Point] {
    var points: [Point] = []
    var guess = 0
    while let more = likely(guess) {
      for point in more where !points.contains(point) { points.append(point) }
      guess += 1
    }
    return points
  }
}

/// A search along descents, each from a start of its own to where nothing near is better.
public protocol DescendingSearch: LearningSearch {
  /// The descents so far, the one in progress last.
  var descents: [Descent] { get }
}

extension SearchAlgorithm {
  /// Whether a rebuild needs the trials themselves, not only how many there are.
  public var needsHistory: Bool { !(self is any CountedSearch) }
}
